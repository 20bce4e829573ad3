import { Args } from '@oclif/core';
import { HeddleCommand } from '../../base-command.js';
import { changeFlags, HTTP_PORTS, serviceArg, setFlags, setRequest, versionOrShares } from '../../flags/route.js';
import { TOKENS } from '../../tokens.js';

export default class RoutePin extends HeddleCommand {
  static override summary = "Keep everybody's requests of a service to a version, so that new pods of it get none by themselves.";
  static override description =
    `Where no rule names a version, requests go to any pod behind the service, also to one that has just come. A pinned service sends all of them to the version: it is what \`heddle mesh --realise subset\` asks for, and short for \`heddle route split SERVICE VERSION=100\`, the same standing route under the same name. Requests that the rules of others send to other versions now go to this one as well; the plan shows which. Shares may be given instead: v1=90 v2=10.

It changes everybody's traffic, so it shows what it would do and asks first, or wants --yes. \`heddle route clear\` takes it back.

Exit code: 0 done, or already so; 2 bad input, or no consent; 3 the plan says no; 4 the cluster; 5 something is left in the cluster.`;
  static override usage = 'route pin SERVICE[:PORT] VERSION | VERSION=PERCENT… [flags]';
  static override examples = [
    { description: 'All requests of reviews to v1', command: 'heddle route pin reviews v1 -n shop' },
    { description: 'Then a shadow may stand among its pods', command: 'heddle mesh reviews --expose 9080 --realise subset -n shop' },
    { description: 'What would change', command: 'heddle route pin reviews v1 --dry-run' },
  ];
  static override args = {
    service: serviceArg(HTTP_PORTS),
    version: Args.string({
      required: true,
      multiple: true,
      description: 'The version, or versions with their shares.',
      ignoreStdin: true,
    }),
  };
  static override flags = { ...changeFlags, name: setFlags.name };

  async run(): Promise<void> {
    const { args, flags, get } = await this.begin(RoutePin);
    await get(TOKENS.standingRoutes).set(setRequest(args.service, flags, { to: versionOrShares(args.version) }));
  }
}
