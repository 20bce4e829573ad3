import type { ExposedPort, SessionOptions, SessionPlanning } from '@heddle/core';
import type { AgentConfig, HeddleConfig } from '../../config/types.js';
import type { Catalogue } from '../../plugins/catalogue.js';
import type { Connection, Connections } from '../connections.js';
import type { Pull } from '../image-pull/try-pull.js';
import type { ProbePort } from '../local-port.js';
import type { MeshChoice, MeshChooser } from '../mesh-choice.js';
import type { SessionsService } from '../sessions.js';
import type { EndSignal } from '../signals.js';
import type { StandingRoutes } from '../standing-route/standing-routes.js';
import type { Tunnels } from '../tunnels.js';
import { namedImage, pulledImage } from './agent-image.js';
import { type Check, type Finding, runCheck, skipped } from './check.js';
import { checkApiServer, checkLocalPorts, checkPlan, checkPlugins, checkService } from './checks.js';
import { checkInjection, checkNamespace, checkPodSecurity, checkRoutes, checkSessions } from './cluster-checks.js';
import { checkRights } from './rights.js';

export interface DoctorRequest {
  readonly service?: string;
  readonly ports: readonly ExposedPort[];
  /** Over the configured one. */
  readonly image?: string;
  /** Let a node pull the agent's image: the one check that makes something. */
  readonly pull: boolean;
  /** Also write the facts into a file. */
  readonly bundle: boolean;
}

export interface DoctorReport {
  /** False when a check failed; warnings do not count. */
  readonly healthy: boolean;
  /** The signal that ended the try of the image before its time. */
  readonly interrupted?: EndSignal;
  readonly context?: string;
  readonly namespace?: string;
  readonly checks: readonly Check[];
  /** The file that was written. */
  readonly bundle?: string;
}

export interface DoctorService {
  /** Looks at everything that a session needs, from this machine to the cluster. Changes nothing; with `pull` a pod comes and goes. */
  run(request: DoctorRequest): Promise<DoctorReport>;
}

export interface DoctorDeps {
  readonly connections: Connections;
  readonly meshes: MeshChooser;
  readonly catalogue: Catalogue;
  readonly tunnels: Tunnels;
  readonly config: HeddleConfig;
  readonly probe: ProbePort;
  readonly sessions: Pick<SessionsService, 'summaries' | 'orphans'>;
  readonly standingRoutes: Pick<StandingRoutes, 'list'>;
  readonly tryPull: (connection: Connection, mesh: MeshChoice | undefined, agent: AgentConfig) => Promise<Pull>;
  readonly writeBundle: (report: DoctorReport, request: DoctorRequest) => Promise<string>;
  readonly plan: (connection: Connection, mesh: MeshChoice, options: SessionOptions) => Promise<SessionPlanning>;
}

export function createDoctorService(deps: DoctorDeps): DoctorService {
  return {
    run: async (request) => {
      const checks: Check[] = [];
      const run = async (id: string, title: string, look: () => Promise<Finding> | Finding) => {
        const check = await runCheck(id, title, look);
        checks.push(check);
        return check.status !== 'failed' && check.status !== 'skipped';
      };
      let connection: Connection | undefined;
      await run('kubeconfig', 'Kubeconfig', async () => {
        connection = await deps.connections.open();
        return { status: 'ok', message: `context ${connection.context}, namespace ${connection.namespace}` };
      });
      await run('plugins', 'Adapters and tunnels', () => checkPlugins(deps.catalogue, deps.tunnels.part(connection?.entry)));
      const reached = await run('api-server', 'API server', () =>
        connection === undefined ? skipped('no context') : checkApiServer(connection),
      );
      const mesh = await checkCluster(deps, request, reached ? connection : undefined, run);
      let interrupted: EndSignal | undefined;
      const tryPull: DoctorDeps['tryPull'] = async (...place) => {
        const pull = await deps.tryPull(...place);
        if (pull.outcome.is === 'interrupted') interrupted = pull.outcome.signal;
        return pull;
      };
      await run('agent-image', 'Agent image', () => checkAgentImage({ ...deps, tryPull }, request, reached ? connection : undefined, mesh));
      await run('local-port', 'Local port', () => checkLocalPorts(request.ports, deps.probe));
      const report: DoctorReport = {
        healthy: checks.every(({ status }) => status !== 'failed'),
        ...(interrupted === undefined ? {} : { interrupted }),
        ...(connection === undefined ? {} : { context: connection.context, namespace: connection.namespace }),
        checks,
      };
      return request.bundle ? { ...report, bundle: await deps.writeBundle(report, request) } : report;
    },
  };
}

type Run = (id: string, title: string, look: () => Promise<Finding> | Finding) => Promise<boolean>;

async function checkAgentImage(
  { tunnels, tryPull }: DoctorDeps,
  { pull, image }: DoctorRequest,
  connection: Connection | undefined,
  mesh: MeshChoice | undefined,
): Promise<Finding> {
  const own = tunnels.agent(connection?.entry);
  const agent = image === undefined ? own : { ...own, image };
  const { key, isSet } = tunnels.imageSetting(connection?.entry);
  const named = (hint: string) => namedImage(agent.image, { key, isSet: isSet || image !== undefined }, hint);
  if (!pull) return named('add --pull to try it: a pod for a few seconds');
  if (connection === undefined) return named('not tried, since the API server was not reached');
  return pulledImage(await tryPull(connection, mesh, agent), agent, { ...connection, key });
}

/** The checks that need a cluster that answers. Returns its mesh. */
async function checkCluster(
  deps: DoctorDeps,
  request: DoctorRequest,
  connection: Connection | undefined,
  run: Run,
): Promise<MeshChoice | undefined> {
  const withCluster = (look: (connection: Connection) => Promise<Finding>) => () =>
    connection === undefined ? skipped('the API server was not reached') : look(connection);
  let mesh: MeshChoice | undefined;
  const withMesh = (look: (connection: Connection, mesh: MeshChoice) => Promise<Finding>) =>
    withCluster(async (open) => (mesh === undefined ? skipped('no mesh was found') : look(open, mesh)));
  await run('namespace', 'Namespace', withCluster(checkNamespace));
  await run(
    'mesh',
    'Mesh',
    withCluster(async (open) => {
      mesh = await deps.meshes.choose(open, request.service);
      return { status: 'ok', message: `${mesh.title}: ${mesh.because}` };
    }),
  );
  await run(
    'rights',
    'Rights',
    withMesh((open, chosen) => checkRights(open, chosen, request.service)),
  );
  await run('injection', 'Proxies in the namespace', withMesh(checkInjection));
  await run('pod-security', 'PodSecurity', withMesh(checkPodSecurity));
  await run(
    'sessions',
    'Sessions',
    withCluster((open) => checkSessions(open, deps.sessions)),
  );
  await run(
    'routes',
    'Standing routes',
    withCluster(async (open) => checkRoutes(open, await deps.standingRoutes.list({ allNamespaces: false }))),
  );
  const { service } = request;
  if (service === undefined) return mesh;
  const found = await run(
    'service',
    'Service',
    withCluster((open) => checkService(open, service, request.ports)),
  );
  await run(
    'plan',
    'Plan of a session',
    withMesh(async (open, chosen) => {
      if (!found) return skipped('the service or its port was not found');
      if (request.ports.length === 0) return skipped('add --expose to try it');
      return checkPlan({ ...request, service }, open.namespace, { ...deps.config, agent: deps.tunnels.agent(open.entry) }, (options) =>
        deps.plan(open, chosen, options),
      );
    }),
  );
  return mesh;
}
