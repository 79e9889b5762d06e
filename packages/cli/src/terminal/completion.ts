import type { Command } from "commander";

/** Shells for which there is a script. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** What may stand behind a command. */
interface Place {
  /** The command's words after `writ`: `agent create`. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly about: string }[];
  readonly options: readonly Flag[];
  /** What an argument may be, where that is known. */
  readonly choices: readonly string[];
}

interface Flag {
  readonly name: string;
  readonly about: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/**
 * A script that completes commands, options and their choices in a shell, and files elsewhere. It holds all of
 * them: nothing is run or fetched while somebody types.
 */
export function completionScript(program: Command, shell: Shell): string {
  return WRITERS[shell](placesIn(program, []));
}

function placesIn(command: Command, path: readonly string[]): readonly Place[] {
  const help = command.createHelp();
  const place: Place = {
    path: path.join(" "),
    commands: help.visibleCommands(command).map((each) => ({ name: each.name(), about: each.description() })),
    options: help
      .visibleOptions(command)
      .map(({ long, description, required, optional, argChoices = [] }) => ({
        name: long ?? "",
        about: description,
        takesValue: required || optional,
        choices: argChoices,
      })),
    choices: command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
  };
  return [place, ...command.commands.flatMap((each) => placesIn(each, [...path, each.name()]))];
}

const WRITERS: Readonly<Record<Shell, (places: readonly Place[]) => string>> = { bash, zsh, fish };

/** The text of a `case`: for each place, by its words, what is to be done. */
function cases(
  places: readonly Place[],
  doneFor: (place: Place) => readonly (readonly [string, string])[],
): string {
  return places
    .flatMap((place) => doneFor(place).map(([word, action]) => `    "${place.path}${word}") ${action} ;;`))
    .join("\n");
}

function wordsOf({ commands, choices }: Place): string {
  return [...commands.map(({ name }) => name), ...choices].join(" ");
}

function optionsOf({ options }: Place): string {
  return options.map(({ name }) => name).join(" ");
}

/** Options with a value, each with its choices; without any, the shell completes files. */
function valuesOf(
  { options }: Place,
  action: (choices: string) => string,
): readonly (readonly [string, string])[] {
  return options.flatMap(({ name, takesValue, choices }) =>
    takesValue ? [[` ${name}`, action(choices.join(" "))] as const] : [],
  );
}

function pathsOf(places: readonly Place[]): string {
  return places.flatMap(({ path }) => (path === "" ? [] : [`"${path}"`])).join(" | ");
}

function bash(places: readonly Place[]): string {
  return `# Completes writ in bash: eval "$(writ completion bash)"
_writ() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" at="" words i
  # --option=value comes as three words.
  if [[ $current == "=" ]]; then
    current=""
  elif [[ $before == "=" ]]; then
    before="\${COMP_WORDS[COMP_CWORD - 2]}"
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${at:+$at }\${COMP_WORDS[i]}" in
    ${pathsOf(places)}) at="\${at:+$at }\${COMP_WORDS[i]}" ;;
    esac
  done
  COMPREPLY=()
  case "$at $before" in
${cases(places, (place) => valuesOf(place, (choices) => `COMPREPLY=($(compgen -W "${choices}" -- "$current")); return`))}
  esac
  if [[ $current == -* ]]; then
    case "$at" in
${cases(places, (place) => [["", `words="${optionsOf(place)}"`]])}
    esac
  else
    case "$at" in
${cases(places, (place) => [["", `words="${wordsOf(place)}"`]])}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _writ writ`;
}

function zsh(places: readonly Place[]): string {
  return `#compdef writ
# Completes writ in zsh: eval "$(writ completion zsh)", or this as the file _writ of a folder of $fpath
_writ() {
  local at="" before="\${words[CURRENT - 1]}"
  local -i i
  for ((i = 2; i < CURRENT; i++)); do
    case "\${at:+$at }\${words[i]}" in
    ${pathsOf(places)}) at="\${at:+$at }\${words[i]}" ;;
    esac
  done
  case "$at $before" in
${cases(places, (place) => valuesOf(place, (choices) => (choices === "" ? "_files; return" : `compadd -- ${choices}; return`)))}
  esac
  if [[ "\${words[CURRENT]}" == -* ]]; then
    case "$at" in
${cases(places, (place) => [["", `compadd -- ${optionsOf(place)}`]])}
    esac
    return
  fi
  case "$at" in
${cases(places, (place) => [["", wordsOf(place) === "" ? "_files" : `compadd -- ${wordsOf(place)}`]])}
  esac
}
if [[ "\${funcstack[1]}" == "_writ" ]]; then _writ "$@"; else compdef _writ writ; fi`;
}

function fish(places: readonly Place[]): string {
  const paths = places.flatMap(({ path }) => (path === "" ? [] : [quoted(path)]));
  return `# Completes writ in fish: writ completion fish | source
function __writ_at
  set -l at
  for word in (commandline -opc)[2..]
    if contains -- (string join ' ' $at $word) ${paths.join(" ")}
      set -a at $word
    end
  end
  test (string join ' ' $at) = "$argv[1]"
end
${places.flatMap(fishLines).join("\n")}`;
}

function fishLines({ path, commands, options, choices }: Place): readonly string[] {
  const at = `complete -c writ -n ${quoted(`__writ_at ${quoted(path)}`)}`;
  return [
    ...commands.map(({ name, about }) => `${at} -f -a ${name} -d ${quoted(about)}`),
    ...(choices.length === 0 ? [] : [`${at} -f -a ${quoted(choices.join(" "))}`]),
    ...options.map((option) => {
      const given = option.choices.length === 0 ? "-r" : `-x -a ${quoted(option.choices.join(" "))}`;
      const value = option.takesValue ? ` ${given}` : "";
      return `${at} -l ${option.name.replace(/^--/, "")}${value} -d ${quoted(option.about)}`;
    }),
  ];
}

/** A word in single quotes, as fish reads it. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
