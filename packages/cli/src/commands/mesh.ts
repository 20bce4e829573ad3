import { Args } from '@oclif/core';
import { HeddleCommand } from '../base-command.js';
import { parseExpose } from '../flags/expose.js';
import { matchOf } from '../flags/match.js';
import { meshFlags } from '../flags/mesh.js';
import { parseServiceName } from '../flags/service-argument.js';
import { contextFlags, dryRunFlag, meshFlag, namespaceFlag, tunnelFlag, yesFlag } from '../flags/shared-flags.js';
import { TOKENS } from '../tokens.js';

export default class Mesh extends HeddleCommand {
  static override summary = 'Send the requests that match to this machine, until Ctrl-C. All others go on as before.';
  static override description =
    `heddle puts a shadow of the service into the cluster, tunnels it to this machine, and adds rules to the mesh that send it the requests that match. Ctrl-C takes everything back; so does the end of the command after --. After a crash, \`heddle clean\` does.

With --realise subset the shadow is one of the service's own pods, so that the policies for these hold for it too. It is refused unless every rule keeps its requests to a version: \`heddle route pin\`.

Several --header must all fit. Without --header, --path, --method and --query heddle makes a header of its own, and prints it.

Exit code: 0 after Ctrl-C; that of the command after --, if there is one and it ended by itself; 2 bad input; 3 the plan says no; 4 the cluster; 5 something is left in the cluster.`;
  static override usage = 'mesh SERVICE --expose [[HOST:]LOCAL:]PORT[,…] [flags] [-- COMMAND …]';
  static override examples = [
    {
      description: 'Requests with a header of its own, which heddle prints, reach localhost:8080',
      command: 'heddle mesh tomcat --expose 8080 -n mesh-demo',
    },
    {
      description: "Your own header; the service's port 8080 is your port 3000; heddle starts the application",
      command: 'heddle mesh tomcat --expose 3000:8080 --header x-dev=alice -- npm start',
    },
    {
      description: 'A regular expression (RE2, the whole value)',
      command: "heddle mesh tomcat --expose 8080 --header 'user-agent=~.*Firefox/67\\.0.*'",
    },
    {
      description: 'The plan: objects as a diff, routes before and after, who is affected. Nothing is changed',
      command: 'heddle mesh tomcat --expose 8080 --header x-dev=alice --dry-run',
    },
  ];
  static override args = { service: Args.string({ required: true, description: 'The service to take requests of.', ignoreStdin: true }) };
  static override flags = { ...meshFlags, ...dryRunFlag, ...yesFlag, ...namespaceFlag, ...contextFlags, ...meshFlag, ...tunnelFlag };

  async run(): Promise<void> {
    const { flags, args, rest, get } = await this.begin(Mesh);
    const { image } = flags;
    const match = matchOf(flags);
    const code = await get(TOKENS.mesh).run({
      service: parseServiceName(args.service),
      ports: parseExpose(flags.expose),
      ...(match === undefined ? {} : { match }),
      dryRun: flags['dry-run'],
      onLost: flags['on-lost'],
      sidecar: flags['no-sidecar'] ? 'off' : 'auto',
      realise: flags.realise,
      ...(image === undefined ? {} : { image }),
      acceptPolicyGap: flags['accept-policy-gap'],
      command: rest,
    });
    if (code !== 0) this.exit(code);
  }
}
