import type { StopDescription } from "../../src/debugger/debugger-types.ts";
import { PlainText } from "../convert/plain-text.ts";
import type { LaunchConfiguration } from "../launch/configuration.ts";
import type { Launched } from "../launch/launch.ts";
import { OutputDecoder } from "./output-decoder.ts";

/**
 * One program, from the request that starts it to its end. A restart makes another.
 *
 * `launched` is set once it is loaded, `started` once its first instruction may run.
 */
export class Program {
  readonly configuration: LaunchConfiguration;
  readonly output = new OutputDecoder();
  /** What its output is without escape sequences. */
  readonly plain = { stdout: new PlainText(), stderr: new PlainText() };
  launched: Launched | undefined;
  /** The client has been told of it. */
  announced = false;
  started = false;
  /** How it left the stop that the client was told of last, if there was one. */
  leftBy: "step" | "continue" | undefined;
  ended = false;
  /** Where it stands, while it does. */
  stop: StopDescription | undefined;
  /** How many of the debug info's problems the client has been told. */
  problemsTold = 0;
  /** What a restart with has been offered. */
  readonly offered = new Set<string>();

  constructor(configuration: LaunchConfiguration) {
    this.configuration = configuration;
  }
}
