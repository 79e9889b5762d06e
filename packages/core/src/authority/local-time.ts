/** Days of the week, as grants write them. */
export const DAYS = ["mo", "tu", "we", "th", "fr", "sa", "su"] as const;

export type Day = (typeof DAYS)[number];

/** The day of the week and the minute of the day on the clocks of a zone. */
export interface LocalTime {
  readonly day: Day;
  readonly minute: number;
}

interface Zone {
  readonly format: Intl.DateTimeFormat;
  /** The second that was asked last, since formatting costs more than all else about a window. */
  second: number;
  local: LocalTime;
}

/** By name; there are a few hundred. */
const zones = new Map<string, Zone>();

/** Words in the names of IANA's database that are not a capital and small letters. */
const IRREGULAR =
  "of au es McMurdo DumontDUrville ComodRivadavia DeNoronha EasterIsland BajaNorte BajaSur ACT NSW LHI IN US UTC UCT GMT".split(
    " ",
  );

/**
 * Names of IANA's database in its spelling: areas and locations, and `UTC`. Engines also take other
 * spellings, which are not the same text in every grant, and abbreviations, which they read differently.
 */
const NAME = ((): RegExp => {
  const misspelt = IRREGULAR.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());
  const word = `(?:(?:${IRREGULAR.join("|")})(?![A-Za-z])|(?!(?:${misspelt.join("|")})(?![A-Za-z]))[A-Z][a-z]+)`;
  const place = `${word}(?:[_-]${word})*`;
  return new RegExp(`^(?:UTC|${place}(?:/${place}){1,2}|Etc/GMT[+-]?[0-9]{1,2})$`);
})();

/** Whether a text names a time zone that this machine knows. */
export function isTimeZone(name: string): boolean {
  return zoneOf(name) !== undefined;
}

/** The local time at an instant in milliseconds since 1970; `undefined` for an unknown zone. */
export function localTime(timeZone: string, instant: number): LocalTime | undefined {
  const zone = zoneOf(timeZone);
  if (zone === undefined) return undefined;
  const second = Math.floor(instant / 1000);
  if (zone.second !== second) {
    zone.local = read(zone.format, second * 1000);
    zone.second = second;
  }
  return zone.local;
}

function zoneOf(timeZone: string): Zone | undefined {
  const known = zones.get(timeZone);
  if (known !== undefined) return known;
  if (!NAME.test(timeZone)) return undefined;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      calendar: "gregory",
      numberingSystem: "latn",
    });
  } catch {
    return undefined;
  }
  const zone = { format, second: 0, local: read(format, 0) };
  zones.set(timeZone, zone);
  return zone;
}

function read(format: Intl.DateTimeFormat, instant: number): LocalTime {
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const day = parts.get("weekday")?.slice(0, 2).toLowerCase() as Day;
  return { day, minute: Number(parts.get("hour")) * 60 + Number(parts.get("minute")) };
}
