import { isSignedV4, type SignedRequest } from "@writ/testkit";
import { describe, expect, it } from "vitest";

/** The example of AWS's own documentation: ListUsers of IAM, of 2015-08-30. */
const SCOPE = {
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  region: "us-east-1",
  service: "iam",
};
const SIGNED: SignedRequest = {
  method: "GET",
  url: "/?Action=ListUsers&Version=2010-05-08",
  headers: {
    host: "iam.amazonaws.com",
    "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    "x-amz-date": "20150830T123600Z",
    authorization:
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
  },
  body: new Uint8Array(),
};
const withHeaders = (headers: SignedRequest["headers"]): SignedRequest => ({
  ...SIGNED,
  headers: { ...SIGNED.headers, ...headers },
});

describe("the verifier of signatures that the tests rely on", () => {
  it("accepts AWS's own example", () => {
    expect(isSignedV4(SIGNED, SCOPE)).toBe(true);
  });

  it.each<readonly [string, SignedRequest]>([
    ["another method", { ...SIGNED, method: "POST" }],
    ["another query", { ...SIGNED, url: "/?Action=ListRoles&Version=2010-05-08" }],
    ["another body", { ...SIGNED, body: new Uint8Array(1) }],
    ["another host", withHeaders({ host: "iam.example" })],
    ["a header that is not signed", withHeaders({ "x-amz-target": "TrentService.Decrypt" })],
    ["no signature", withHeaders({ authorization: "" })],
    ["another day", withHeaders({ "x-amz-date": "20150831T123600Z" })],
  ])("refuses %s", (_, request) => {
    expect(isSignedV4(request, SCOPE)).toBe(false);
  });

  it.each([{ secretAccessKey: "another" }, { region: "eu-west-1" }, { service: "kms" }])(
    "refuses it for %j",
    (other) => {
      expect(isSignedV4(SIGNED, { ...SCOPE, ...other })).toBe(false);
    },
  );
});
