import { join, resolve } from 'node:path';
import { UserError } from '@heddle/core';
import { Command, Flags } from '@oclif/core';
import { SANDBOX } from '../../kubeconfig.js';
import { detach } from '../../running/detach.js';
import { refuseForeignFile, runForeground } from '../../running/foreground.js';
import { nameFlag } from '../../running/name-flag.js';
import { loadParts } from '../../running/parts.js';
import { logIn, makeDir, type Running, readState, stateDir } from '../../running/state.js';
import { FORMATS, summary } from '../../running/summary.js';

const id = { helpValue: 'ID' };

export default class SandboxStart extends Command {
  static override summary = 'Start a small cluster with a mesh in one process.';
  static override description =
    `A sandbox speaks enough of the Kubernetes API for heddle and kubectl, runs the scenario's pods, and routes real HTTP requests by the mesh's objects. It needs no cluster, no container and no rights.
It prints a kubeconfig and the URLs to call it by: through the mesh's gateway, if there is one, and from a pod in the mesh. Ctrl-C ends it and leaves nothing.`;
  static override examples = [
    { description: 'In the foreground, until Ctrl-C:', command: '<%= config.bin %> sandbox start --scenario tomcat' },
    { description: 'In the background, until sandbox stop:', command: '<%= config.bin %> sandbox start --scenario tomcat --detach' },
    { description: 'Give away the kubeconfig:', command: '<%= config.bin %> sandbox start --detach -o kubeconfig > sandbox.yaml' },
  ];
  static override flags = {
    name: nameFlag,
    mesh: Flags.string({ ...id, env: 'HEDDLE_MESH', summary: 'Whose mesh: an adapter; default: the first that has the scenario.' }),
    scenario: Flags.string({ ...id, env: 'HEDDLE_SCENARIO', summary: "What is in the cluster; default: the adapter's first scenario." }),
    kubeconfig: Flags.string({ helpValue: 'FILE', summary: 'Where to write the kubeconfig; it goes away at the end.' }),
    detach: Flags.boolean({ env: 'HEDDLE_DETACH', summary: 'Run in the background; sandbox stop ends it.' }),
    output: Flags.option({ options: FORMATS })({ char: 'o', default: 'text', env: 'HEDDLE_OUTPUT', summary: 'Form of the result.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(SandboxStart);
    const dir = stateDir(process.env, flags.name);
    const { bin } = this.config;
    const stop = `${bin} sandbox stop${flags.name === SANDBOX ? '' : ` --name ${flags.name}`}`;
    const other = readState(dir);
    if (other !== undefined) {
      const message = `A sandbox is running already under the name ${flags.name}: ${other.scenario}, pid ${other.pid}.`;
      const next = [
        `Use it: export KUBECONFIG=${other.kubeconfig}`,
        `Start another one beside it: ${bin} sandbox start --name NAME`,
        `Stop it: ${stop}`,
      ];
      throw new UserError({ code: 'sandbox-running', exit: 'usage', message, next });
    }
    const file = resolve(flags.kubeconfig ?? join(dir, 'sandbox.kubeconfig'));
    if (flags.kubeconfig !== undefined) refuseForeignFile(file);
    const mesh = flags.mesh === 'auto' ? undefined : flags.mesh;
    const parts = await loadParts(inOrder(this.config.getPluginsList()), {
      mesh,
      scenario: flags.scenario,
      warn: (message) => void this.warn(message),
    });
    makeDir(dir);
    const print = (end: string) => (running: Running) => this.log(summary(running, parts.scenario, flags.output, bin, end));
    if (flags.detach) print(stop)(await detach(this.argv, process.env, logIn(dir)));
    else await runForeground(parts, flags.name, dir, file, print('Ctrl-C'));
  }

  /** The program that runs commands reports errors. */
  protected override async catch(error: Error): Promise<never> {
    throw error;
  }
}

/** What heddle brings first, then by name: oclif lists plugins in the order in which they happened to load. */
function inOrder<T extends { readonly name: string; readonly type: string }>(packages: readonly T[]): readonly T[] {
  const key = ({ name, type }: T) => `${type === 'core' ? 0 : 1} ${name}`;
  return [...packages].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
