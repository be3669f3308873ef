import { type Awaitable, allOf } from "../base/awaitable.ts";
import { ExpressionError, type Variable } from "./variable.ts";

/** Makes the variable at an index of a group; `undefined` leaves it out. */
export type GroupMember = () => Awaitable<Variable | undefined>;

/** A variable without a value of its own: a scope, or a group within one. Its children are all named. */
export function groupVariable(name: string, value: string, members: readonly GroupMember[]): Variable {
  const group: Variable = {
    name,
    value,
    named: members.length,
    indexed: 0,
    writable: false,
    kind: "raw",
    async children(filter, start, count) {
      if (filter !== "named") return [];
      const made = await allOf(members.slice(Math.max(0, start), start + count));
      return made.filter((variable) => variable !== undefined);
    },
    async assign() {
      throw new ExpressionError(`${name} is a group of variables and cannot be assigned to`, 0);
    },
    async asHex() {
      return group;
    },
  };
  return group;
}

/** A leaf that is only text, such as the size of a memory or a reference. */
export function textVariable(name: string, value: string, type?: string): Variable {
  const variable: Variable = {
    name,
    value,
    ...(type !== undefined && { type }),
    named: 0,
    indexed: 0,
    writable: false,
    kind: "raw",
    children: async () => [],
    async assign() {
      throw new ExpressionError(`${name} cannot be assigned to`, 0);
    },
    asHex: async () => variable,
  };
  return variable;
}
