import { Flags } from '@oclif/core';
import { HeddleCommand } from '../../base-command.js';
import { cliInputError } from '../../errors/cli-error.js';
import { HTTP_PORTS, serviceArg, setFlags, setRequest, versionOrShares } from '../../flags/route.js';
import { listFlag } from '../../flags/shared-flags.js';
import { TOKENS } from '../../tokens.js';

export default class RouteMatch extends HeddleCommand {
  static override summary = 'Send the requests of a service that match to a version. All others go on as before.';
  static override description =
    `Writes a standing route for some requests: those with a header, a path, a method or a query parameter; all conditions must hold. It comes before the route for everybody (\`heddle route split\`). Where two such routes fit one request, the first by name counts. Running sessions keep their requests.

The same command with another version changes the route; another match makes one beside it. \`heddle route clear\` takes it back.

Exit code: 0 done, or already so; 2 bad input, or no consent; 3 the plan says no; 4 the cluster; 5 something is left in the cluster.`;
  static override usage = 'route match SERVICE[:PORT] --header MATCH --to VERSION [flags]';
  static override examples = [
    { description: 'The requests of jason to v2', command: 'heddle route match reviews --header end-user=jason --to v2 -n shop' },
    {
      description: 'By path and method, shared between two versions',
      command: 'heddle route match cart --path ^=/api --method =POST --to v1=50,v2=50',
    },
    { description: 'By a query parameter', command: 'heddle route match search --query beta --to v2' },
    { description: 'What would change', command: 'heddle route match reviews --header end-user=jason --to v2 --dry-run' },
  ];
  static override args = { service: serviceArg(HTTP_PORTS) };
  static override flags = {
    to: Flags.string({
      required: true,
      multiple: true,
      multipleNonGreedy: true,
      summary: 'The version, or versions with their shares.',
      helpValue: 'VERSION|VERSION=PERCENT',
      env: 'HEDDLE_TO',
    }),
    ...setFlags,
  };

  async run(): Promise<void> {
    const { args, flags, get } = await this.begin(RouteMatch);
    const request = setRequest(args.service, flags, { to: versionOrShares(listFlag(flags.to)) });
    if (request.match.length === 0) {
      const at = { path: '--header, --path, --method, --query', expected: 'at least one of them', received: 'none' };
      throw cliInputError('usage', at, [`For the requests of everybody: heddle route split ${args.service} VERSION=100`]);
    }
    await get(TOKENS.standingRoutes).set(request);
  }
}
