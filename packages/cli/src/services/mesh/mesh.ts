import {
  BugError,
  describeMatch,
  isUserError,
  messageOf,
  type RunningSession,
  type SessionDeps,
  type SessionEnd,
  type SessionEvent,
  type SessionOptions,
  type SessionPlan,
  type SessionPlanning,
} from '@heddle/core';
import type { HeddleConfig } from '../../config/types.js';
import { signalExit } from '../../errors/interrupted.js';
import { refusedError } from '../../errors/refused-error.js';
import { renderPlan } from '../../rendering/plan.js';
import type { Output } from '../../terminal/output.js';
import type { Terminal } from '../../terminal/terminal.js';
import type { StartChild } from '../child.js';
import { leftError } from '../clean.js';
import type { Connection, Connections } from '../connections.js';
import { type ProbePort, requireFree, requireListening } from '../local-port.js';
import type { MeshChooser } from '../mesh-choice.js';
import type { SessionDepsFor } from '../session-deps.js';
import type { EndSignal, ProcessControl } from '../signals.js';
import type { Tunnels } from '../tunnels.js';
import { activeDocument } from './active-document.js';
import { createLocalCommand, type LocalCommand } from './local-command.js';
import { planDocument } from './plan-document.js';
import { documentReporter, lineReporter, liveReporter, type Reporter, TICK_MS } from './reporter.js';
import { isPersonal, type MeshRequest } from './request.js';
import { sessionOptions } from './session-options.js';

export interface MeshService {
  /** Plans a session and runs it until it ends. Returns the exit code. */
  run(request: MeshRequest): Promise<number>;
}

/** The functions of core that this service calls. */
export interface MeshCore {
  planSession(deps: SessionDeps, options: SessionOptions): Promise<SessionPlanning>;
  startSession(
    deps: SessionDeps,
    options: SessionOptions,
    hooks: { onEvent(event: SessionEvent): void; confirm?(session: SessionPlan): Promise<boolean> },
  ): RunningSession;
}

export interface MeshServiceDeps {
  readonly core: MeshCore;
  readonly connections: Connections;
  readonly meshes: MeshChooser;
  readonly sessionDeps: SessionDepsFor;
  readonly tunnels: Tunnels;
  readonly config: HeddleConfig;
  readonly output: Output;
  readonly terminal: Terminal;
  readonly control: ProcessControl;
  readonly probe: ProbePort;
  readonly startChild: StartChild;
}

export function createMeshService(deps: MeshServiceDeps): MeshService {
  return {
    run: async (request) => {
      const ports = request.dryRun ? request.ports : await checkLocalPorts(request, deps.probe);
      const checked: MeshRequest = { ...request, ports };
      const connection = await deps.connections.open();
      const agent = deps.tunnels.agent(connection.entry);
      const options = sessionOptions(checked, connection.namespace, { ...deps.config, agent });
      return request.dryRun ? dryRun(deps, checked, connection, options) : runSession(deps, checked, connection, options);
    },
  };
}

async function checkLocalPorts(request: MeshRequest, probe: ProbePort): Promise<MeshRequest['ports']> {
  if (request.command.length === 0) return requireListening(request.ports, probe);
  await requireFree(request.ports, probe);
  return request.ports;
}

async function dryRun(deps: MeshServiceDeps, request: MeshRequest, connection: Connection, options: SessionOptions): Promise<number> {
  const { output } = deps;
  const planning = await deps.core.planSession(
    await deps.sessionDeps(connection, await deps.meshes.choose(connection, request.service), logTo(output.detail)),
    options,
  );
  if ('refused' in planning) throw refusedError(planning.refused);
  const target = { namespace: connection.namespace, service: request.service };
  if (output.format === 'text') output.result(planning.session, (session, paper) => renderPlan(session, target, paper));
  else output.result(planDocument(planning.session, request, connection.namespace), () => '');
  return 0;
}

async function runSession(deps: MeshServiceDeps, request: MeshRequest, connection: Connection, options: SessionOptions): Promise<number> {
  const { output, terminal } = deps;
  const { namespace } = connection;
  const withCommand = request.command.length > 0;
  // The command writes to the same terminal, so nothing may be redrawn beside it.
  const reporter =
    output.format !== 'text'
      ? documentReporter(output)
      : output.live && !withCommand
        ? liveReporter(output, terminal.stderr)
        : lineReporter(output);
  const sessionDeps = await deps.sessionDeps(connection, await deps.meshes.choose(connection, request.service), logTo(reporter.detail));
  const command = withCommand
    ? createLocalCommand({
        ...{ ...deps, ...request, clock: sessionDeps.clock, say: reporter.say },
        stdout: output.format === 'text' ? 'stdout' : 'stderr',
      })
    : undefined;
  const stopping = new AbortController();
  let planned: SessionPlan | undefined;
  const session = deps.core.startSession(sessionDeps, options, {
    onEvent: (event) => {
      if (event.type === 'planned') planned = event.session;
      reporter.event(event, event.type === 'planned' ? planDocument(event.session, request, namespace) : undefined);
    },
    confirm: async (plan) => {
      if (!isPersonal(request.match))
        await output.consent(`Every request with ${describeMatch(plan.match)} goes to this machine, whoever sends it. Go on?`);
      return command === undefined || command.start(stopping.signal);
    },
  });
  const stop = () => {
    stopping.abort();
    // A terminal's Ctrl-C ends it too.
    command?.expectEnd();
    void session.stop();
  };
  let crash: BugError | undefined;
  const calm = deps.control.onCrash((error) => {
    crash ??= new BugError(messageOf(error), error);
    reporter.say(`heddle did something that it should not (${crash.message}): putting everything back.`);
    stop();
  });
  let signalled: EndSignal | undefined;
  const stopFor = (signal: EndSignal) => {
    signalled = signal;
    stop();
  };
  const quiet = handleSignals(deps, { session, request, connection, reporter, command, stop: stopFor });
  void command?.ended.then(({ code }) => {
    if (!stopping.signal.aborted) reporter.say(`The command ended with code ${code}; ending the session.`);
    stop();
  });
  let wasActive = false;
  session.active.then(
    () => {
      wasActive = true;
      if (planned !== undefined) reporter.active(activeDocument(planned, session.proofs, request, connection));
    },
    // `done` tells the same, after everything was put back.
    () => undefined,
  );
  const ticking = tickUntilEnd(session, sessionDeps, reporter);
  const end = await session.done;
  await ticking;
  quiet();
  calm();
  reporter.end(end);
  await command?.stop();
  if (crash !== undefined) throw crash;
  // Once it has taken requests, a signal is how a session ends; before that nothing has come of it.
  if (end.why === 'interrupted' && end.left.length === 0 && signalled !== undefined && !wasActive) return signalExit(signalled);
  return exitCodeOf(end, command, output, connection);
}

async function tickUntilEnd(session: RunningSession, { clock }: SessionDeps, reporter: Reporter): Promise<void> {
  const over = new AbortController();
  void session.done.then(() => over.abort());
  while (!over.signal.aborted) {
    await clock.sleep(TICK_MS, over.signal);
    if (!over.signal.aborted) reporter.tick(session.stats());
  }
}

function handleSignals(
  { control, terminal }: MeshServiceDeps,
  run: {
    readonly session: RunningSession;
    readonly request: MeshRequest;
    readonly connection: Pick<Connection, 'namespace' | 'flags'>;
    readonly reporter: Reporter;
    readonly command: LocalCommand | undefined;
    readonly stop: (signal: EndSignal) => void;
  },
): () => void {
  let count = 0;
  return control.onSignal((signal) => {
    count += 1;
    const { id, state } = run.session;
    if (count === 1) {
      run.reporter.say(`${signal}: putting everything back. Once more ends heddle at once.`);
      run.stop(signal);
    }
    // The command goes on until no request is sent to it any more (but a terminal's Ctrl-C reaches it too).
    if (count === 1) return;
    if (!(signal === 'SIGINT' && terminal.stdinIsTTY)) run.command?.kill(signal);
    run.reporter.say(
      [
        `Session ${id} of ${run.request.service} was left while ${state}: its rules, its pod and Service, its Secret and its Lease may still be there.`,
        `Clean up: heddle sessions recover ${id} -n ${run.connection.namespace}${run.connection.flags}`,
      ].join('\n'),
    );
    control.exit(5);
  });
}

function exitCodeOf(end: SessionEnd, command: LocalCommand | undefined, output: Output, connection: Connection): number {
  const left = leftError(end.left, connection);
  if (end.why === 'failed') {
    const failure = end.error ?? new BugError('A session failed without saying why');
    if (left !== undefined) output.failed(left);
    // The user's command ended first: that is what its exit code tells.
    const code = command?.ownEnd?.code ?? 0;
    if (code !== 0 && left === undefined && isUserError(failure)) {
      output.failed(failure);
      return code;
    }
    throw failure;
  }
  if (left !== undefined) {
    output.failed(left);
    return 5;
  }
  return command?.ownEnd?.code ?? 0;
}

function logTo(detail: (message: string) => void): SessionDeps['log'] {
  return (message, details) =>
    detail(details === undefined || Object.keys(details).length === 0 ? message : `${message} ${JSON.stringify(details)}`);
}
