import { codeOfAsync } from "@writ/testkit";
import { describe, expect, it } from "vitest";

import { operationsOf, type Operation } from "../../src/index.js";
import { answered, echo, get, notes, outcome, post, serve } from "./served.js";

/** An operation that tells what stands for the name in its path. */
function telling(id: string, path: string, method: "GET" | "POST" = "GET"): Operation {
  return {
    id,
    method,
    path,
    summary: "Tells.",
    answers: { 200: "Told." },
    handle: ({ parameters }) => Promise.resolve({ status: 200, body: { id, ...parameters } }),
  };
}

async function told(operations: readonly Operation[], request: Request): Promise<unknown> {
  const { service } = await serve(operations);
  return JSON.parse((await answered(service.fetch(request))).body) as unknown;
}

describe("a path", () => {
  it.each([
    ["did:key:z6Mk", "did:key:z6Mk"],
    ["did%3Akey%3Az6Mk", "did:key:z6Mk"],
    ["did:web:a%253A80%2Fb%3Fc%23d", "did:web:a%3A80/b?c#d"],
    ["%2e%2E%2f", "../"],
    ["a+b", "a+b"],
    ["%C3%A9", "é"],
  ])("is decoded once: %s", async (sent, expected) => {
    expect(
      await told([telling("resolve", "/1.0/identifiers/{did}")], get(`/1.0/identifiers/${sent}`)),
    ).toEqual({
      id: "resolve",
      did: expected,
    });
  });

  it.each(["%", "%zz", "%ff", "%C3"])("that does not decode is refused: %s", async (sent) => {
    const { service } = await serve([telling("resolve", "/x/{did}")]);
    expect(await outcome(service.fetch(get(`/x/${sent}`)))).toBe("400 REQUEST_MALFORMED");
  });

  it.each(["/x", "/x/", "/x/a/b", "/X/a", "//x/a", "/%78/a", "/x/a/"])("is not another: %s", async (path) => {
    const { service } = await serve([telling("resolve", "/x/{did}")]);
    expect(await outcome(service.fetch(get(path)))).toBe("404 NOT_FOUND");
  });

  it("without names in braces comes first", async () => {
    const operations = [telling("any", "/x/{did}"), telling("one", "/x/one")];
    expect(await told(operations, get("/x/one"))).toEqual({ id: "one" });
    expect(await told(operations, get("/x/two"))).toEqual({ id: "any", did: "two" });
  });

  it("has an operation for each method", async () => {
    const operations = [telling("look", "/x"), telling("make", "/x", "POST")];
    expect(await told(operations, get("/x"))).toEqual({ id: "look" });
    expect(await told(operations, post("/x", ""))).toEqual({ id: "make" });
    const { service } = await serve(operations);
    const refused = await service.fetch(new Request("http://localhost/x", { method: "PUT" }));
    expect(refused.headers.get("allow")).toBe("GET, POST");
  });
});

describe("operations", () => {
  it("are those of the roles, and those without", () => {
    const [issuing, any] = [notes(() => Promise.resolve({ status: 200 })), echo()];
    expect(operationsOf(["issuer"], [issuing, any])).toEqual([issuing, any]);
    expect(operationsOf(["verifier"], [issuing, any])).toEqual([any]);
  });

  it.each([
    [[telling("a", "/x"), telling("a", "/y")]],
    [[telling("a", "/x"), telling("b", "/x")]],
    [[telling("a", "/health")]],
    [[telling("health", "/x")]],
  ])("do not get in each other's way", async (operations) => {
    expect(await codeOfAsync(() => serve(operations))).toBe("ARGUMENT_INVALID");
  });
});
