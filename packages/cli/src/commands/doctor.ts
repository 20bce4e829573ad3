import { EXIT } from '@heddle/core';
import { Args, Flags } from '@oclif/core';
import { HeddleCommand } from '../base-command.js';
import { signalExit } from '../errors/interrupted.js';
import { parseExpose } from '../flags/expose.js';
import { parseServiceName } from '../flags/service-argument.js';
import { contextFlags, imageFlag, meshFlag, namespaceFlag, tunnelFlag } from '../flags/shared-flags.js';
import { renderDoctor } from '../rendering/doctor.js';
import { TOKENS } from '../tokens.js';

export default class Doctor extends HeddleCommand {
  static override summary = 'Check whether this machine and the cluster have what a session needs.';
  static override description =
    `Looks at the kubeconfig, the API server, your rights, the mesh, the proxies of the namespace's pods, its PodSecurity level, the agent's image and, with --expose, the local port. With SERVICE and --expose it also plans a session, dry runs included. Nothing is changed; only --pull makes something, a pod for a few seconds.

Exit code 6: a check failed.`;
  static override examples = [
    { description: 'Before the first session', command: 'heddle doctor -n shop' },
    { description: 'Why a session does not come up', command: 'heddle doctor tomcat --expose 8080 -n mesh-demo' },
    { description: "Whether the cluster's nodes can pull the agent's image", command: 'heddle doctor --pull -n shop' },
    { description: 'For a report: the facts in a file, without secrets', command: 'heddle doctor --bundle' },
  ];
  static override args = { service: Args.string({ description: 'A service that you want to take requests of.', ignoreStdin: true }) };
  static override flags = {
    expose: Flags.string({
      summary: 'As for heddle mesh: look at the local port, and plan a session.',
      helpValue: '[[HOST:]LOCAL:]PORT[,…]',
      env: 'HEDDLE_EXPOSE',
    }),
    pull: Flags.boolean({
      summary: "Let a node pull the agent's image: makes a pod in the namespace, and deletes it again.",
      env: 'HEDDLE_PULL',
    }),
    ...imageFlag,
    bundle: Flags.boolean({
      summary: 'Also write heddle-doctor-<time>.json into this folder: facts for a report, without secrets.',
      env: 'HEDDLE_BUNDLE',
    }),
    ...namespaceFlag,
    ...contextFlags,
    ...meshFlag,
    ...tunnelFlag,
  };

  async run(): Promise<void> {
    const { flags, args, get } = await this.begin(Doctor);
    const output = get(TOKENS.output);
    const ports = flags.expose === undefined ? [] : parseExpose(flags.expose);
    const service = args.service === undefined ? {} : { service: parseServiceName(args.service) };
    const image = flags.image === undefined ? {} : { image: flags.image };
    const report = await get(TOKENS.doctor).run({ ...service, ...image, ports, pull: flags.pull, bundle: flags.bundle });
    output.result(report, renderDoctor);
    if (report.interrupted !== undefined) this.exit(signalExit(report.interrupted));
    if (!report.healthy) this.exit(EXIT.negative);
  }
}
