import { parseShares } from '@heddle/core';
import { Args } from '@oclif/core';
import { HeddleCommand } from '../../base-command.js';
import { HTTP_PORTS, serviceArg, setFlags, setRequest } from '../../flags/route.js';
import { TOKENS } from '../../tokens.js';

export default class RouteSplit extends HeddleCommand {
  static override summary = 'Split the requests of a service between its versions, by weight.';
  static override description =
    `For the requests of everybody, or for those that match. Writes a standing route: rules in the mesh's own objects, which stay until \`heddle route clear\`. Everything else that the rules of others say (paths, rewrites, timeouts, retries) stays, and so do running sessions. It changes other people's traffic, so it shows what it would do and asks first, or wants --yes.

A version is a name that the mesh tells apart (a subset, a tag), else, in a mesh that has subsets, the pods whose label version has that value (a subset is made for them), else a Service SERVICE-VERSION. Weights are whole percentages that sum to 100. The same command with other weights changes the route; another match, or another --name, makes one beside it.

Exit code: 0 done, or already so; 2 bad input, or no consent; 3 the plan says no; 4 the cluster; 5 something is left in the cluster.`;
  static override usage = 'route split SERVICE[:PORT] VERSION=PERCENT… [flags]';
  static override examples = [
    { description: 'A tenth of the requests to v2', command: 'heddle route split reviews v1=90 v2=10 -n shop' },
    { description: 'Half of the requests of testers to v3', command: "heddle route split reviews v1=50 v3=50 --header 'x-tester'" },
    { description: 'The plan: objects as a diff, routes before and after', command: 'heddle route split reviews v1=90 v2=10 --dry-run' },
    { description: 'All of them, without being asked', command: 'heddle route split reviews v2=100 --yes' },
  ];
  static override args = {
    service: serviceArg(HTTP_PORTS),
    'version=percent': Args.string({
      required: true,
      multiple: true,
      description: 'A version and its share, once for each version.',
      ignoreStdin: true,
    }),
  };
  static override flags = setFlags;

  async run(): Promise<void> {
    const { args, flags, get } = await this.begin(RouteSplit);
    await get(TOKENS.standingRoutes).set(setRequest(args.service, flags, { to: parseShares(args['version=percent']) }));
  }
}
