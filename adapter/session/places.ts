import { fromReference, type Place } from "../convert/reference.ts";
import { badReference } from "./errors.ts";

/** The place that a client's reference, and bytes from there, mean. @throws {UserError} for what is none. */
export function findPlace(reference: string, offset?: number): Place {
  const place = fromReference(reference, offset);
  if (place === undefined) throw badReference(reference);
  return place;
}
