import type { Clock, Identity, Timing } from '@heddle/core';
import type { HeddleConfig } from './config/types.js';
import type { RunFlags } from './flags/shared-flags.js';
import type { Catalogue, CatalogueProblem, InstalledPackage } from './plugins/catalogue.js';
import type { ImportModule } from './plugins/load-part.js';
import type { AdaptersService } from './services/adapters.js';
import type { StartChild } from './services/child.js';
import type { CleanService } from './services/clean.js';
import type { ClustersService } from './services/clusters.js';
import type { ConfigService } from './services/config.js';
import type { ConnectCluster, Connections, ListContexts } from './services/connections.js';
import type { Converter } from './services/convert/convert.js';
import type { DoctorService } from './services/doctor/doctor.js';
import type { ExplainService } from './services/explain/explain.js';
import type { LintService } from './services/lint/lint.js';
import type { ProbePort } from './services/local-port.js';
import type { MeshService } from './services/mesh/mesh.js';
import type { MeshChooser } from './services/mesh-choice.js';
import type { NewAdapterService } from './services/new-adapter/new-adapter.js';
import type { RouteService } from './services/route.js';
import type { RouteRenderer } from './services/routes-file/render.js';
import type { RoutesFiles } from './services/routes-file/routes-files.js';
import type { RoutingTestService } from './services/routing-tests/routing-tests.js';
import type { SessionDepsFor } from './services/session-deps.js';
import type { SessionsService } from './services/sessions.js';
import type { ProcessControl } from './services/signals.js';
import type { StandingRoutes } from './services/standing-route/standing-routes.js';
import type { Tunnels } from './services/tunnels.js';
import type { Output } from './terminal/output.js';
import type { EnvironmentVariables } from './terminal/style.js';
import type { Terminal } from './terminal/terminal.js';

/** A key of the container. `Symbol.for`, so that a second copy of this package means the same thing by it. */
export type Token<T> = symbol & { readonly __provides?: (value: T) => T };

function token<T>(name: string): Token<T> {
  return Symbol.for(`heddle.${name}`) as Token<T>;
}

/** Where and as what this command runs. */
export interface RunPlace {
  readonly env: EnvironmentVariables;
  readonly cwd: string;
  readonly configDir: string;
  /** This package's version. */
  readonly version: string;
  readonly packages: readonly InstalledPackage[];
  /** What is wrong with the user's plugins. */
  readonly pluginProblems: readonly CatalogueProblem[];
}

export const TOKENS = {
  // Given by the run.
  place: token<RunPlace>('place'),
  flags: token<RunFlags>('flags'),
  // The outside world.
  terminal: token<Terminal>('terminal'),
  clock: token<Clock>('clock'),
  identity: token<Identity>('identity'),
  isGone: token<(identity: Identity) => boolean | undefined>('isGone'),
  listContexts: token<ListContexts>('listContexts'),
  connectCluster: token<ConnectCluster>('connectCluster'),
  importModule: token<ImportModule>('importModule'),
  /** All of standard input, as text. */
  readStdin: token<() => Promise<string>>('readStdin'),
  probePort: token<ProbePort>('probePort'),
  startChild: token<StartChild>('startChild'),
  control: token<ProcessControl>('control'),
  timing: token<Timing | undefined>('timing'),
  // Made from these.
  output: token<Output>('output'),
  config: token<HeddleConfig>('config'),
  catalogue: token<Catalogue>('catalogue'),
  connections: token<Connections>('connections'),
  meshes: token<MeshChooser>('meshes'),
  tunnels: token<Tunnels>('tunnels'),
  sessionDeps: token<SessionDepsFor>('sessionDeps'),
  // What commands call.
  adapters: token<AdaptersService>('adapters'),
  newAdapter: token<NewAdapterService>('newAdapter'),
  clusters: token<ClustersService>('clusters'),
  configuration: token<ConfigService>('configuration'),
  mesh: token<MeshService>('mesh'),
  sessions: token<SessionsService>('sessions'),
  clean: token<CleanService>('clean'),
  route: token<RouteService>('route'),
  routeRenderer: token<RouteRenderer>('routeRenderer'),
  routesFiles: token<RoutesFiles>('routesFiles'),
  explain: token<ExplainService>('explain'),
  converter: token<Converter>('converter'),
  standingRoutes: token<StandingRoutes>('standingRoutes'),
  doctor: token<DoctorService>('doctor'),
  lint: token<LintService>('lint'),
  routingTests: token<RoutingTestService>('routingTests'),
} as const;
