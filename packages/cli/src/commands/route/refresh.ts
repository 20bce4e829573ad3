import { HeddleCommand } from '../../base-command.js';
import { changeFlags, ROUTED_PORTS, serviceArg } from '../../flags/route.js';
import { parseServiceArgument } from '../../flags/service-argument.js';
import { TOKENS } from '../../tokens.js';

export default class RouteRefresh extends HeddleCommand {
  static override summary = 'Write the standing routes of a service anew, as copies of the rules of others as these are now.';
  static override description =
    `A standing route keeps what the rules of others said when it was written: their paths, rewrites, timeouts and retries. When others change these later, \`heddle route list\` and \`heddle route show\` say that it is copied from a table that changed. Then this takes the changes over; what the routes themselves do stays. It also brings rules back that somebody took out, names what has got another name since by that, and takes in ports that the Service has got since, where no port was named when the routes were made. It shows what it would do and asks first, or wants --yes.

Exit code: 0 done, or already so; 2 bad input, or no consent; 3 the plan says no; 4 the cluster; 5 something is left in the cluster.`;
  static override usage = 'route refresh SERVICE[:PORT] [flags]';
  static override examples = [
    { description: 'After others have changed a timeout, or the Service has got a port', command: 'heddle route refresh reviews -n shop' },
    { description: 'What would change', command: 'heddle route refresh reviews --dry-run' },
  ];
  static override args = { service: serviceArg(ROUTED_PORTS) };
  static override flags = changeFlags;

  async run(): Promise<void> {
    const { args, flags, get } = await this.begin(RouteRefresh);
    const left = await get(TOKENS.standingRoutes).refresh({ service: parseServiceArgument(args.service), dryRun: flags['dry-run'] });
    if (left !== undefined) this.endWith(left, get(TOKENS.output));
  }
}
