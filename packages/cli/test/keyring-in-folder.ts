/**
 * What makes Node.js take a keyring that is a folder for the operating system's: `NODE_OPTIONS`. Where there is a
 * file `locked` in the folder, nothing can be deleted from it.
 */
export function keyringInFolder(folder: string): string {
  const keyring = `
    import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
    const fileOf = (account) => ${JSON.stringify(folder)} + "/" + encodeURIComponent(account);
    export const createOsKeyring = () => ({
      async get(_, account) {
        return existsSync(fileOf(account)) ? new Uint8Array(readFileSync(fileOf(account))) : null;
      },
      async set(_, account, secret) { writeFileSync(fileOf(account), secret); },
      async delete(_, account) {
        if (existsSync(fileOf("locked"))) throw new Error("locked");
        const isThere = existsSync(fileOf(account));
        rmSync(fileOf(account), { force: true });
        return isThere;
      },
    });`;
  const hook = `export async function resolve(specifier, context, next) {
    if (specifier !== "@writ/keyring") return next(specifier, context);
    return { url: ${JSON.stringify(dataUrl(keyring))}, shortCircuit: true };
  }`;
  const program = `import { register } from "node:module"; register(${JSON.stringify(dataUrl(hook))});`;
  return `--import=${dataUrl(program)}`;
}

function dataUrl(program: string): string {
  return `data:text/javascript,${encodeURIComponent(program)}`;
}
