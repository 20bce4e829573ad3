import { HeddleCommand } from '../../base-command.js';
import { parseRouteService, routeNameFlag, serviceArg } from '../../flags/route.js';
import { contextFlags, dryRunFlag, meshFlag, namespaceFlag, yesFlag } from '../../flags/shared-flags.js';
import { TOKENS } from '../../tokens.js';

export default class RouteClear extends HeddleCommand {
  static override summary = 'Take a standing route back: requests go again where the rules of others send them.';
  static override description =
    `Removes the route's rules from the objects as they are now, so that what others have changed meanwhile stays, and then its record. It changes everybody's traffic, so it shows what it would do and asks first, or wants --yes.

Exit code: 0 done; 2 bad input, or no consent; 3 refused; 4 the cluster; 5 something is left in the cluster.`;
  static override examples = [
    { description: 'Takes back what `heddle route split reviews …` wrote', command: 'heddle route clear reviews -n shop' },
    { description: 'What would change', command: 'heddle route clear reviews --dry-run' },
  ];
  static override args = { service: serviceArg('The service.') };
  static override flags = { ...routeNameFlag, ...dryRunFlag, ...yesFlag, ...namespaceFlag, ...contextFlags, ...meshFlag };

  async run(): Promise<void> {
    const { args, flags, get } = await this.begin(RouteClear);
    const output = get(TOKENS.output);
    const left = await get(TOKENS.standingRoutes).clear({
      service: parseRouteService(args.service),
      name: flags.name,
      dryRun: flags['dry-run'],
    });
    if (left !== undefined) this.endWith(left, output);
  }
}
