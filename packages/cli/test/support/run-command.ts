import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, Config, type Interfaces } from '@oclif/core';
import { composeBy, pointOf } from '../../src/base-command.js';
import AdapterNew from '../../src/commands/adapter/new.js';
import Adapters from '../../src/commands/adapters.js';
import Clean from '../../src/commands/clean.js';
import Clusters from '../../src/commands/clusters.js';
import Completion from '../../src/commands/completion.js';
import ConfigGet from '../../src/commands/config/get.js';
import ConfigPath from '../../src/commands/config/path.js';
import ConfigSet from '../../src/commands/config/set.js';
import ConfigShow from '../../src/commands/config/show.js';
import ConfigUnset from '../../src/commands/config/unset.js';
import Convert from '../../src/commands/convert.js';
import Doctor from '../../src/commands/doctor.js';
import Explain from '../../src/commands/explain.js';
import Lint from '../../src/commands/lint.js';
import Mesh from '../../src/commands/mesh.js';
import RouteApply from '../../src/commands/route/apply.js';
import RouteClear from '../../src/commands/route/clear.js';
import RouteDiff from '../../src/commands/route/diff.js';
import RouteFault from '../../src/commands/route/fault.js';
import RouteList from '../../src/commands/route/list.js';
import RouteMatch from '../../src/commands/route/match.js';
import RouteMirror from '../../src/commands/route/mirror.js';
import RoutePin from '../../src/commands/route/pin.js';
import RouteRefresh from '../../src/commands/route/refresh.js';
import RouteRender from '../../src/commands/route/render.js';
import RouteShow from '../../src/commands/route/show.js';
import RouteSplit from '../../src/commands/route/split.js';
import SessionsList from '../../src/commands/sessions/list.js';
import SessionsRecover from '../../src/commands/sessions/recover.js';
import SessionsStop from '../../src/commands/sessions/stop.js';
import Test from '../../src/commands/test.js';
import Version from '../../src/commands/version.js';
import { type Binding, bind, composeWith } from '../../src/composition-root.js';
import { reportError } from '../../src/errors/report.js';
import type { Part } from '../../src/plugins/catalogue.js';
import { formatOf } from '../../src/terminal/format.js';
import { TOKENS } from '../../src/tokens.js';
import { type BufferTerminal, bufferTerminal } from './buffer-terminal.js';

/** All of this package's commands, by the words that call them. */
export const COMMANDS: Readonly<Record<string, Command.Class>> = {
  'adapter new': AdapterNew,
  adapters: Adapters,
  clean: Clean,
  clusters: Clusters,
  convert: Convert,
  completion: Completion,
  'config get': ConfigGet,
  'config path': ConfigPath,
  'config set': ConfigSet,
  'config show': ConfigShow,
  'config unset': ConfigUnset,
  doctor: Doctor,
  explain: Explain,
  lint: Lint,
  mesh: Mesh,
  'route apply': RouteApply,
  'route clear': RouteClear,
  'route diff': RouteDiff,
  'route fault': RouteFault,
  'route list': RouteList,
  'route match': RouteMatch,
  'route mirror': RouteMirror,
  'route refresh': RouteRefresh,
  'route render': RouteRender,
  'route show': RouteShow,
  'route pin': RoutePin,
  'route split': RouteSplit,
  'sessions list': SessionsList,
  'sessions recover': SessionsRecover,
  'sessions stop': SessionsStop,
  test: Test,
  version: Version,
};

export const CLI_ROOT = fileURLToPath(new URL('../..', import.meta.url));

const PACKAGE = JSON.parse(readFileSync(join(CLI_ROOT, 'package.json'), 'utf8')) as Interfaces.PJSON;

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly terminal: BufferTerminal;
  readonly result: Promise<CommandResult>;
}

/** Sources of the bundled parts, so that a test never runs a stale build. */
const SOURCES: Readonly<Record<string, () => Promise<unknown>>> = {
  istio: () => import('@heddle/adapter-istio'),
  ssh: () => import('@heddle/tunnel-ssh'),
};

/** The bundled adapter and tunnel, as their packages declare them; `importModule` brings their sources. */
export const bundledParts: readonly Part[] = [
  { kind: 'adapter', id: 'istio', apiVersion: 1, module: 'istio', package: '@heddle/adapter-istio', version: '0.1.0', origin: 'core' },
  { kind: 'tunnel', id: 'ssh', apiVersion: 1, module: 'ssh', package: '@heddle/tunnel-ssh', version: '0.1.0', origin: 'core' },
];

/** Starts a command in this process; the terminal can be watched while it runs. */
export function startCommand(line: readonly string[], bindings: readonly Binding[] = [], terminal = bufferTerminal()): RunningCommand {
  return { terminal, result: execute(line, bindings, terminal) };
}

export async function runCommand(line: readonly string[], bindings: readonly Binding[] = []): Promise<CommandResult> {
  return await startCommand(line, bindings).result;
}

/** Without bundled plugins: their commands are compiled, and these tests are of the sources. */
export function ownConfig(): Promise<Config> {
  return Config.load({ root: CLI_ROOT, userPlugins: false, pjson: { ...PACKAGE, oclif: { ...PACKAGE.oclif, plugins: [] } } });
}

async function execute(line: readonly string[], bindings: readonly Binding[], terminal: BufferTerminal): Promise<CommandResult> {
  const name = Object.keys(COMMANDS).find((words) => line.slice(0, words.split(' ').length).join(' ') === words);
  const command = name === undefined ? undefined : COMMANDS[name];
  if (name === undefined || command === undefined) throw new Error(`No such command: ${line.join(' ')}`);
  const config = await ownConfig();
  composeBy(
    config,
    composeWith([
      bind(TOKENS.terminal, terminal),
      bind(TOKENS.catalogue, { parts: bundledParts, problems: [] }),
      bind(TOKENS.importModule, (id) => SOURCES[id]?.() ?? Promise.reject(new Error(`not a bundled part: ${id}`))),
      ...bindings,
    ]),
  );
  command.id = name.replaceAll(' ', ':');
  let code = 0;
  try {
    await command.run(line.slice(name.split(' ').length) as string[], config);
  } catch (error) {
    code = reportError(error, {
      terminal,
      env: {},
      format: formatOf(line, {}),
      verbose: line.includes('--verbose'),
      help: `heddle ${name} --help`,
      point: pointOf(config),
    });
  }
  return { code, stdout: terminal.stdout.text(), stderr: terminal.stderr.text() };
}
