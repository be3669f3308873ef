import type { GuestFunction } from "../symbols/calls/callable.ts";
import { plainType, type Type } from "../symbols/types/type.ts";
import { typeName } from "../symbols/types/type-name.ts";
import type { Value } from "../symbols/values/value.ts";
import { ExpressionError } from "../symbols/variable.ts";

/**
 * The function that takes as many arguments as are given, and of several the one whose parameters are nearest to them.
 *
 * @throws {ExpressionError} when there is none, or several are as near.
 */
export function fitting(
  functions: readonly GuestFunction[],
  given: readonly Value[],
  hasObject: boolean,
  column: number,
): GuestFunction {
  const [first] = functions;
  if (!first) throw new ExpressionError("there is no such function", column);
  const taking = functions.filter((candidate) => takes(candidate, given.length));
  const called = hasObject ? 1 : 0;
  if (taking.length === 0) {
    const counts = [
      ...new Set(
        functions.map(
          ({ parameters, isVariadic }) => `${parameters.length - called}${isVariadic ? " or more" : ""}`,
        ),
      ),
    ].join(" or ");
    throw new ExpressionError(
      `\`${first.name}\` takes ${counts} arguments, not ${given.length - called}`,
      column,
    );
  }
  const possible = taking.filter((candidate) => !isHopeless(candidate, given));
  if (possible.length === 0 && taking.length > 1) {
    const types = given.slice(called).map(({ type }) => typeName(type));
    const choices = taking.map((candidate) => signatureOf(candidate)).join(" or ");
    throw new ExpressionError(
      `no \`${first.name}\` takes (${types.join(", ")}): there are ${choices}`,
      column,
    );
  }
  const ranked = (possible.length > 0 ? possible : taking)
    .map((candidate) => ({ candidate, distance: distanceOf(candidate, given) }))
    .sort((a, b) => a.distance - b.distance);
  const [nearest, next] = ranked;
  if (
    !nearest ||
    (next && next.distance === nearest.distance && isOther(nearest.candidate, next.candidate))
  ) {
    const choices = ranked.map(({ candidate }) => signatureOf(candidate)).join(" or ");
    throw new ExpressionError(`which one is meant: ${choices}? Cast the arguments`, column);
  }
  return nearest.candidate;
}

/** Whether a function could be called with what is given: with so many, and no object where a number is wanted. */
export const isPossible = (candidate: GuestFunction, given: readonly Value[]): boolean =>
  takes(candidate, given.length) && !isHopeless(candidate, given);

const takes = ({ parameters, isVariadic }: GuestFunction, count: number): boolean =>
  isVariadic ? parameters.length <= count : parameters.length === count;

/** Whether two functions take different things; of copies of one, any will do. */
const isOther = (a: GuestFunction, b: GuestFunction): boolean => signatureOf(a) !== signatureOf(b);

const signatureOf = ({ name, parameters }: GuestFunction): string =>
  `${name}(${parameters.map((type) => typeName(type)).join(", ")})`;

/** Whether an argument is a record where a number or an address is wanted; the object of a method is handed over by its address. */
function isHopeless({ parameters, isMethod }: GuestFunction, given: readonly Value[]): boolean {
  return parameters.some((parameter, index) => {
    if (isMethod && index === 0) return false;
    const [to, from] = [withoutReference(parameter), withoutReference((given[index] as Value).type)];
    return kindOf(from) === "record" && kindOf(to) !== "record";
  });
}

function distanceOf({ parameters, isMethod }: GuestFunction, given: readonly Value[]): number {
  return parameters.reduce((sum, type, index) => {
    const isObject = isMethod && index === 0;
    return isObject ? sum : sum + apart(type, (given[index] as Value).type);
  }, 0);
}

/** How far an argument's type is from a parameter's: the same, of one kind and size, of one kind, of another. */
function apart(parameter: Type, argument: Type): number {
  const [to, from] = [withoutReference(parameter), withoutReference(argument)];
  if (typeName(to) === typeName(from)) return 0;
  if (kindOf(to) !== kindOf(from)) return 100;
  const [a, b] = [plainType(to), plainType(from)];
  const sizes = "sizeBytes" in a && "sizeBytes" in b && a.sizeBytes === b.sizeBytes;
  return sizes ? 1 : 2;
}

function withoutReference(type: Type): Type {
  const plain = plainType(type);
  return plain.kind === "pointer" && plain.sigil !== "*" ? plain.target : plain;
}

function kindOf(type: Type): string {
  const plain = plainType(type);
  if (plain.kind === "array") return "pointer";
  if (plain.kind !== "base") return plain.kind;
  return plain.encoding === "float" || plain.encoding === "boolean" ? plain.encoding : "integer";
}
