/** Why there is no value: a clause for the user, without a full stop. Not an error: it stands in the value's place. */
export interface Unavailable {
  readonly kind: "unavailable";
  readonly reason: string;
}

export function unavailable(reason: string): Unavailable {
  return { kind: "unavailable", reason };
}
