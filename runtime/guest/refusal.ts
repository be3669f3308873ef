import type { AnswerErrorCode } from "../suspend/messages.ts";

/** A question that cannot be answered, in a sentence for the user. */
export class Refusal extends Error {
  readonly code: AnswerErrorCode;
  constructor(code: AnswerErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
