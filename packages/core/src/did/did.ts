/** A DID (DID Core, section 3.1), without path, query or fragment. */
export const DID: RegExp =
  /^did:[a-z0-9]+:(?:(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})*:)*(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+$/;

/** Longer ones are refused unread. */
export const MAX_DID_LENGTH = 2048;

/** Whether a text is a DID. */
export function isDid(text: string): boolean {
  return text.length <= MAX_DID_LENGTH && DID.test(text);
}
