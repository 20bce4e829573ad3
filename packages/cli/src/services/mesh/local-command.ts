import type { Clock, ExposedPort } from '@heddle/core';
import { cliError } from '../../errors/cli-error.js';
import { type Child, type ChildEnd, endChild, type StartChild } from '../child.js';
import { type ProbePort, placeOf } from '../local-port.js';

/** The command after `--`, from its start to its end. */
export interface LocalCommand {
  /** Starts it and resolves when it listens on every port; false when the signal aborted first. */
  start(signal: AbortSignal): Promise<boolean>;
  /** How it ended by itself; undefined while it runs, and when heddle ended it. */
  readonly ownEnd: ChildEnd | undefined;
  /** Resolves when it ends by itself, having listened. */
  readonly ended: Promise<ChildEnd>;
  kill(signal: NodeJS.Signals): void;
  /** From now on it is expected to end: no end of its own any more. */
  expectEnd(): void;
  stop(): Promise<void>;
}

export interface LocalCommandDeps {
  readonly command: readonly string[];
  readonly ports: readonly ExposedPort[];
  readonly startChild: StartChild;
  readonly stdout: 'stdout' | 'stderr';
  readonly probe: ProbePort;
  readonly clock: Clock;
  readonly say: (message: string) => void;
}

const LISTEN_TIMEOUT_MS = 120_000;
const POLL_MS = 200;

export function createLocalCommand(deps: LocalCommandDeps): LocalCommand {
  const { clock, ports } = deps;
  let tellEnd: (end: ChildEnd) => void = () => undefined;
  const ended = new Promise<ChildEnd>((resolve) => {
    tellEnd = resolve;
  });
  let child: Child | undefined;
  let ownEnd: ChildEnd | undefined;
  let stopping = false;
  let up = false;
  const listening = async () => {
    for (const { local } of ports) if ((await deps.probe(local.host, local.port)) === undefined) return false;
    return true;
  };
  return {
    start: async (signal) => {
      const started = await deps.startChild(deps.command, deps);
      child = started;
      void started.ended.then((end) => {
        if (stopping) return;
        ownEnd = end;
        // Before that, `start` tells it.
        if (up) tellEnd(end);
      });
      const places = ports.map(({ local }) => placeOf(local)).join(', ');
      deps.say(`Started ${deps.command.join(' ')}; waiting until it listens on ${places}.`);
      const deadline = clock.monotonic() + LISTEN_TIMEOUT_MS;
      while (!signal.aborted) {
        if (started.end !== undefined) throw notListening(`ended with code ${started.end.code} before it listened on ${places}`);
        if (await listening()) {
          up = true;
          if (ownEnd !== undefined) tellEnd(ownEnd);
          return true;
        }
        if (clock.monotonic() > deadline) throw notListening(`does not listen on ${places} after ${LISTEN_TIMEOUT_MS / 1000} seconds`);
        await clock.sleep(POLL_MS, signal);
      }
      return false;
    },
    get ownEnd() {
      return ownEnd;
    },
    ended,
    kill: (signal) => child?.kill(signal),
    expectEnd: () => {
      stopping = true;
    },
    stop: async () => {
      if (child === undefined || child.end !== undefined) return;
      stopping = true;
      await endChild(child, clock);
    },
  };
}

function notListening(what: string) {
  return cliError('command-not-listening', `The command after -- ${what}; nothing was changed in the cluster.`, [
    'Name the port that it listens on: --expose LOCAL:PORT',
  ]);
}
