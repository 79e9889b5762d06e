/** An argument of Node.js for a process in which a package is not installed. */
export function withoutPackage(name: string): string {
  const hook = `export async function resolve(specifier, context, next) {
    if (specifier !== ${JSON.stringify(name)}) return next(specifier, context);
    throw Object.assign(new Error("not installed"), { code: "ERR_MODULE_NOT_FOUND" });
  }`;
  const program = `import { register } from "node:module"; register(${JSON.stringify(dataUrl(hook))});`;
  return `--import=${dataUrl(program)}`;
}

function dataUrl(program: string): string {
  return `data:text/javascript,${encodeURIComponent(program)}`;
}
