/** Node's own modules that Writ uses where the runtime has them. */
interface NodeModules {
  "node:fs": typeof import("node:fs");
  "node:crypto": typeof import("node:crypto");
  "node:zlib": typeof import("node:zlib");
}

/**
 * A module of Node's, found without an import that would break bundles for other runtimes;
 * `undefined` where there is none.
 */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (id: string) => NodeModules[Name] | undefined };
  };
  return process?.getBuiltinModule?.(name);
}
