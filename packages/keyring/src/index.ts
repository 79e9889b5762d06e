export { createOsKeyring, type OsKeyringOptions } from "./create-os-keyring.js";
