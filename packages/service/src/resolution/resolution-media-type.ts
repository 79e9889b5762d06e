/** How an answer is written: with its metadata, or what was found alone. */
export interface ResolutionMediaType {
  readonly contentType: string;
  readonly form: "result" | "content";
}

/**
 * A result in JSON-LD. Given where the request has no wish: of the media types of a result it is the one
 * that every client takes for JSON.
 */
export const DEFAULT_MEDIA_TYPE: ResolutionMediaType = {
  contentType: 'application/ld+json;profile="https://w3id.org/did-resolution"',
  form: "result",
};

const RESULTS = ["application/did-resolution", "application/did-url-dereferencing", "application/json"];
const CONTENTS = ["application/did", "application/did+ld+json", "application/did+json"];

const MEDIA_TYPES: ReadonlyMap<string, ResolutionMediaType> = new Map<string, ResolutionMediaType>([
  ...["*/*", "application/*", "application/ld+json"].map((type) => [type, DEFAULT_MEDIA_TYPE] as const),
  ...RESULTS.map((contentType) => [contentType, { contentType, form: "result" }] as const),
  ...CONTENTS.map((contentType) => [contentType, { contentType, form: "content" }] as const),
]);

const RESOLUTION_PROFILE = "https://w3id.org/did-resolution";

/**
 * The media type for a request's `Accept` (DID Resolution, section 12.1; RFC 9110, section 12.5.1): the one of
 * the highest weight, the first of equals. Undefined where none of those asked for is made.
 */
export function chooseResolutionMediaType(accept: string | undefined): ResolutionMediaType | undefined {
  if (accept === undefined || accept.trim() === "") return DEFAULT_MEDIA_TYPE;
  const ranges = accept.split(",").map(readRange);
  return ranges
    .filter(({ weight, mediaType }) => weight > 0 && mediaType !== undefined)
    .sort((a, b) => b.weight - a.weight)[0]?.mediaType;
}

interface MediaRange {
  readonly weight: number;
  readonly mediaType: ResolutionMediaType | undefined;
}

function readRange(range: string): MediaRange {
  const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
  const values = new Map(parameters.map(readParameter));
  const weight = values.get("q") ?? "1";
  const profile = values.get("profile");
  const isOtherProfile = profile !== undefined && !profile.split(" ").includes(RESOLUTION_PROFILE);
  return {
    // A weight that is none counts as a wish not to have it.
    weight: /^(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/.test(weight) ? Number(weight) : 0,
    mediaType: isOtherProfile ? undefined : MEDIA_TYPES.get(type.toLowerCase()),
  };
}

function readParameter(parameter: string): readonly [name: string, value: string] {
  const [name = "", ...value] = parameter.split("=");
  return [name.trim().toLowerCase(), value.join("=").trim().replaceAll('"', "")];
}
