/** The command line asks for something there is not; `message` is one or two sentences. Ends with status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
