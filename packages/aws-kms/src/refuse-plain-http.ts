import type { KMSClient } from "@aws-sdk/client-kms";
import { WritError } from "@writ/core";

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "[::1]", "::1", "localhost"]);

/**
 * Has a client send nothing over plain HTTP but to this machine. The address may come from the environment
 * or a file (`AWS_ENDPOINT_URL`), so that it is known only when a request goes out; keys are in it.
 */
export function refusePlainHttp(client: KMSClient): void {
  client.middlewareStack.add(
    (next) => async (sending) => {
      const { protocol, hostname } = sending.request as {
        readonly protocol?: string;
        readonly hostname?: string;
      };
      if (protocol !== "https:" && !LOOPBACK.has(hostname ?? "")) {
        throw new WritError("ARGUMENT_INVALID", "the address of AWS KMS is not https", {
          hint: "Look at AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_KMS and the profile.",
        });
      }
      return next(sending);
    },
    { name: "refusePlainHttp", step: "finalizeRequest", priority: "low" },
  );
}
