import { readFileSync } from "node:fs";
import { type Fixture, fixture } from "./fixtures.ts";
import { fromRoot } from "./paths.ts";

/** One entry of test/fixtures/coredumps/dumps.json. */
export interface CommittedDump {
  readonly file: string;
  /** The guest it is of, and which build. */
  readonly guest: string;
  readonly build: string;
  /** Who made it, and how. */
  readonly made: string;
  /** Of the dump, in hexadecimal. */
  readonly sha256: string;
}

/** A committed coredump with the guest it is of. */
export interface CoredumpFixture extends CommittedDump {
  /** Absolute path. */
  readonly path: string;
  readonly program: Fixture;
}

/** All committed coredumps. */
export function coredumpFixtures(): readonly CoredumpFixture[] {
  const list = readFileSync(fromRoot("test/fixtures/coredumps/dumps.json"), "utf8");
  return (JSON.parse(list) as readonly CommittedDump[]).map((dump) => ({
    ...dump,
    path: fromRoot("test/fixtures/coredumps", dump.file),
    program: fixture(dump.guest, dump.build),
  }));
}

/** The committed coredump of that name. */
export function coredumpFixture(file: string): CoredumpFixture {
  const found = coredumpFixtures().find((dump) => dump.file === file);
  if (!found)
    throw new Error(`no coredump ${file}; there are: ${coredumpFixtures().map((dump) => dump.file)}`);
  return found;
}
