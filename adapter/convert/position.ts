import type { ClientFacts } from "../protocol/client.ts";

/** A line or column as the client counts; ours are 0-based. */
export const toClientLine = (client: ClientFacts, line: number): number =>
  client.linesStartAt1 ? line + 1 : line;
export const toClientColumn = (client: ClientFacts, column: number): number =>
  client.columnsStartAt1 ? column + 1 : column;

/** A client's line or column, 0-based. */
export const fromClientLine = (client: ClientFacts, line: number): number =>
  client.linesStartAt1 ? line - 1 : line;
export const fromClientColumn = (client: ClientFacts, column: number): number =>
  client.columnsStartAt1 ? column - 1 : column;
