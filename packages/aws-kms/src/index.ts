export { createAwsKms, type AwsCredentials, type AwsKmsOptions } from "./create-aws-kms.js";
