import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import * as core from '@heddle/core';
import { type DependencyContainer, instancePerContainerCachingFactory, container as processContainer } from 'tsyringe';
import { loadConfig } from './config/load.js';
import type { RunFlags } from './flags/shared-flags.js';
import { partsOf, readCatalogue } from './plugins/catalogue.js';
import { createAdaptersService } from './services/adapters.js';
import { startChild } from './services/child.js';
import { createCleanService } from './services/clean.js';
import { systemClock } from './services/clock.js';
import { createClustersService } from './services/clusters.js';
import { createConfigService } from './services/config.js';
import { createConnections } from './services/connections.js';
import { createConverter } from './services/convert/convert.js';
import { writeBundle } from './services/doctor/bundle.js';
import { createDoctorService } from './services/doctor/doctor.js';
import { createExplainService } from './services/explain/explain.js';
import { openFiles } from './services/files/open-files.js';
import { identityOf, isGoneOn, systemFacts } from './services/identity.js';
import { tryPull } from './services/image-pull/try-pull.js';
import { createLintService } from './services/lint/lint.js';
import { probePort } from './services/local-port.js';
import { createMeshService } from './services/mesh/mesh.js';
import { loadAdapters } from './services/mesh-choice/installed-adapters.js';
import { createMeshChooser } from './services/mesh-choice.js';
import { createNewAdapterService } from './services/new-adapter/new-adapter.js';
import { readTemplate } from './services/new-adapter/template.js';
import { createRouteService } from './services/route.js';
import { createRouteRenderer } from './services/routes-file/render.js';
import { createRoutesFiles } from './services/routes-file/routes-files.js';
import { createRoutingTests } from './services/routing-tests/routing-tests.js';
import { createSessionDeps } from './services/session-deps.js';
import { createSessionsService } from './services/sessions.js';
import { processControl } from './services/signals.js';
import { createStandingRoutes } from './services/standing-route/standing-routes.js';
import { createTunnels, tunnelImage } from './services/tunnels.js';
import { versionReport } from './services/version.js';
import { createOutput } from './terminal/output.js';
import { processTerminal } from './terminal/process-terminal.js';
import { type RunPlace, TOKENS, type Token } from './tokens.js';

/** What a command asks for its services. */
export interface Scope {
  get<T>(token: Token<T>): T;
}

/** Puts a value in the place of what the composition root makes: how tests swap the cluster, the clock or the terminal. */
export interface Binding {
  readonly token: symbol;
  readonly value: unknown;
}

export function bind<T>(token: Token<T>, value: T): Binding {
  return { token, value };
}

/** Makes the scope of one command run. */
export type Compose = (run: { readonly flags: RunFlags; readonly place: RunPlace }) => Scope;

/** The only file that registers anything. One child container per run; nothing is registered in tsyringe's global container. */
export function composeWith(bindings: readonly Binding[] = []): Compose {
  return ({ flags, place }) => {
    const root = processContainer.createChildContainer();
    registerWorld(root);
    registerParts(root);
    registerServices(root);
    const run = root.createChildContainer();
    run.register(TOKENS.flags, { useValue: flags });
    run.register(TOKENS.place, { useValue: place });
    for (const { token, value } of bindings) run.register(token, { useValue: value });
    return scopeOf(run);
  };
}

function scopeOf(container: DependencyContainer): Scope {
  return { get: <T>(token: Token<T>) => container.resolve<T>(token) };
}

/** Registers a factory, called once per run. */
function provide<T>(container: DependencyContainer, token: Token<T>, make: (scope: Scope) => T): void {
  container.register<T>(token, { useFactory: instancePerContainerCachingFactory((resolver) => make(scopeOf(resolver))) });
}

function registerWorld(root: DependencyContainer): void {
  provide(root, TOKENS.terminal, () => processTerminal());
  provide(root, TOKENS.clock, () => systemClock());
  const facts = () => systemFacts(runProgram);
  provide(root, TOKENS.identity, () => identityOf(process.pid, facts()));
  provide(root, TOKENS.isGone, () => isGoneOn(facts()));
  // Kubernetes' client is heavy: loaded by the commands that reach a cluster.
  provide(root, TOKENS.listContexts, () => async (options) => (await import('@heddle/kubernetes')).listContexts(options));
  provide(root, TOKENS.connectCluster, () => async (options) => (await import('@heddle/kubernetes')).connectCluster(options));
  provide(root, TOKENS.importModule, () => (path) => import(pathToFileURL(path).href));
  // Not at once: what writes to a pipe may be slower than its reader.
  provide(root, TOKENS.readStdin, () => () => text(process.stdin));
  provide(root, TOKENS.probePort, () => probePort);
  provide(root, TOKENS.startChild, () => startChild);
  provide(root, TOKENS.control, () => processControl());
  provide(root, TOKENS.timing, () => undefined);
}

/** What services are made of. */
function registerParts(root: DependencyContainer): void {
  provide(root, TOKENS.output, ({ get }) => createOutput(get(TOKENS.terminal), get(TOKENS.flags), get(TOKENS.place).env));
  provide(root, TOKENS.config, ({ get }) => {
    const { configDir, cwd, version } = get(TOKENS.place);
    return loadConfig({ configDir, cwd, agentImage: agentImage(version) });
  });
  provide(root, TOKENS.catalogue, ({ get }) => {
    const { packages, pluginProblems } = get(TOKENS.place);
    return readCatalogue(packages, pluginProblems);
  });
  provide(root, TOKENS.connections, ({ get }) => {
    const flags = get(TOKENS.flags);
    return createConnections({
      flags,
      config: () => get(TOKENS.config),
      ...take(get, 'listContexts', 'connectCluster'),
      ...(flags.files.length === 0
        ? {}
        : {
            openFiles: (assume) =>
              openFiles({
                ...flags,
                readStdin: get(TOKENS.readStdin),
                adapters: installed(get),
                ...(assume === undefined ? {} : { assume }),
              }),
          }),
    });
  });
  provide(root, TOKENS.meshes, ({ get }) => {
    const { mesh } = get(TOKENS.flags);
    return createMeshChooser({
      ...(mesh === undefined ? {} : { flag: mesh }),
      configured: get(TOKENS.config).defaults.mesh,
      ...take(get, 'catalogue', 'importModule'),
      detect: core.detectMeshes,
      output: get(TOKENS.output),
    });
  });
  provide(root, TOKENS.tunnels, ({ get }) => {
    const { tunnel } = get(TOKENS.flags);
    return createTunnels({
      ...(tunnel === undefined ? {} : { flag: tunnel }),
      ...take(get, 'config', 'catalogue', 'importModule'),
    });
  });
  provide(root, TOKENS.sessionDeps, ({ get }) => createSessionDeps({ tunnels: get(TOKENS.tunnels), ...processOf(get) }));
}

type Names = keyof typeof TOKENS;
type Taken<N extends Names> = { readonly [K in N]: (typeof TOKENS)[K] extends Token<infer T> ? T : never };

/** What is registered under several names, by these names. */
function take<N extends Names>(get: Scope['get'], ...names: readonly N[]): Taken<N> {
  return Object.fromEntries(names.map((name) => [name, get<unknown>(TOKENS[name] as Token<unknown>)])) as Taken<N>;
}

/** The process that holds what core writes, and its time. */
function processOf(get: Scope['get']) {
  const timing = get(TOKENS.timing);
  return { ...take(get, 'clock', 'identity', 'isGone'), ...(timing === undefined ? {} : { timing }) };
}

/** Every adapter that is installed, loaded. */
const installed = (get: Scope['get']) => async (): Promise<readonly core.MeshAdapter[]> => {
  return (await loadAdapters(take(get, 'catalogue', 'importModule', 'output'))).adapters;
};

/** What commands call. */
function registerServices(root: DependencyContainer): void {
  const reading = { decodeTarget: core.decodeTarget, routeProblems: core.routeProblems };
  provide(root, TOKENS.adapters, ({ get }) => createAdaptersService(take(get, 'catalogue', 'importModule')));
  provide(root, TOKENS.newAdapter, ({ get }) =>
    createNewAdapterService({ cwd: get(TOKENS.place).cwd, catalogue: get(TOKENS.catalogue), readTemplate }),
  );
  provide(root, TOKENS.clusters, ({ get }) => {
    const { kubeconfig } = get(TOKENS.flags);
    return createClustersService({
      ...take(get, 'config', 'listContexts', 'connectCluster', 'catalogue', 'importModule'),
      detect: core.detectMeshes,
      ...take(get, 'output', 'clock'),
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
    });
  });
  provide(root, TOKENS.configuration, ({ get }) => {
    const { configDir, cwd, version } = get(TOKENS.place);
    return createConfigService({
      ...{ configDir, cwd, output: get(TOKENS.output) },
      agentImage: (tunnel) => tunnelImage(get(TOKENS.catalogue), tunnel) ?? agentImage(version),
      installed: (kind) => partsOf(get(TOKENS.catalogue), kind).map(({ id }) => id),
    });
  });
  provide(root, TOKENS.mesh, ({ get }) =>
    createMeshService({
      core,
      ...take(get, 'connections', 'meshes', 'sessionDeps', 'tunnels', 'config', 'output', 'terminal', 'control'),
      probe: get(TOKENS.probePort),
      startChild: get(TOKENS.startChild),
    }),
  );
  provide(root, TOKENS.clean, ({ get }) => {
    return createCleanService({
      ...take(get, 'connections', 'meshes', 'output'),
      core,
      process: processOf(get),
    });
  });
  provide(root, TOKENS.sessions, ({ get }) =>
    createSessionsService({
      connections: get(TOKENS.connections),
      core,
      ...take(get, 'isGone', 'clean', 'clock', 'output'),
    }),
  );
  provide(root, TOKENS.route, ({ get }) => createRouteService({ ...take(get, 'connections', 'meshes'), ...reading }));
  provide(root, TOKENS.explain, ({ get }) => createExplainService({ ...take(get, 'connections', 'meshes'), ...reading }));
  provide(root, TOKENS.converter, ({ get }) =>
    createConverter({ ...take(get, 'connections', 'catalogue', 'importModule'), adapters: installed(get), detect: core.detectMeshes }),
  );
  provide(root, TOKENS.routingTests, ({ get }) => {
    const { files, mesh, namespace } = get(TOKENS.flags);
    return createRoutingTests({
      ...take(get, 'connections', 'meshes'),
      adapters: installed(get),
      detect: core.detectMeshes,
      readStdin: get(TOKENS.readStdin),
      shared: files.length > 0,
      ...(mesh === undefined ? {} : { mesh }),
      ...(namespace === undefined ? {} : { namespace }),
    });
  });
  provide(root, TOKENS.lint, ({ get }) => {
    const { mesh } = get(TOKENS.flags);
    return createLintService({
      ...take(get, 'connections', 'meshes'),
      ...(mesh === undefined ? {} : { flag: mesh }),
    });
  });
  provide(root, TOKENS.standingRoutes, ({ get }) => {
    return createStandingRoutes({
      core,
      ...take(get, 'connections', 'meshes', 'clean'),
      process: processOf(get),
      ...take(get, 'output', 'control'),
    });
  });
  provide(root, TOKENS.routesFiles, ({ get }) =>
    createRoutesFiles({ core, process: processOf(get), ...take(get, 'connections', 'meshes', 'output', 'control', 'readStdin') }),
  );
  provide(root, TOKENS.routeRenderer, ({ get }) =>
    createRouteRenderer({ ...take(get, 'catalogue', 'importModule', 'readStdin'), detect: core.detectMeshes }),
  );
  provide(root, TOKENS.doctor, ({ get }) => {
    const { version, packages, cwd, env } = get(TOKENS.place);
    return createDoctorService({
      ...take(get, 'connections', 'meshes', 'catalogue', 'tunnels', 'config'),
      probe: get(TOKENS.probePort),
      sessions: get(TOKENS.sessions),
      standingRoutes: get(TOKENS.standingRoutes),
      plan: async (connection, mesh, options) =>
        core.planSession(await get(TOKENS.sessionDeps)(connection, mesh, get(TOKENS.output).detail), options),
      tryPull: (connection, mesh, agent) =>
        tryPull({ ...take(get, 'clock', 'control'), say: get(TOKENS.output).progress }, connection, mesh, agent),
      writeBundle: (report, request) =>
        writeBundle(
          {
            clock: get(TOKENS.clock),
            folder: cwd,
            version: versionReport(version, packages),
            config: get(TOKENS.config),
            env,
            ...take(get, 'connections', 'sessions', 'route'),
          },
          report,
          request,
        ),
    });
  });
}

/** No account of a public registry: whoever owned that could put a program of theirs into users' clusters. */
const agentImage = (version: string) => `heddle-agent:${version}`;

function runProgram(file: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 2_000 });
  } catch {
    return undefined;
  }
}
