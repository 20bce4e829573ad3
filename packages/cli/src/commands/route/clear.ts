import { Flags } from '@oclif/core';
import { HeddleCommand } from '../../base-command.js';
import { changeFlags, ROUTED_PORTS, serviceArg } from '../../flags/route.js';
import { parseServiceArgument } from '../../flags/service-argument.js';
import { TOKENS } from '../../tokens.js';

export default class RouteClear extends HeddleCommand {
  static override summary = 'Take standing routes of a service back: requests go again where the rules of others send them.';
  static override description =
    `All of the service's standing routes, or with --name one of them. Removes their rules from the objects as they are now, so that what others have changed meanwhile stays, and then their record. It changes other people's traffic, so it shows what it would do and asks first, or wants --yes.

Exit code: 0 done; 2 bad input, or no consent; 3 refused; 4 the cluster; 5 something is left in the cluster.`;
  static override usage = 'route clear SERVICE[:PORT] [flags]';
  static override examples = [
    { description: 'Takes back whatever `heddle route` wrote for reviews', command: 'heddle route clear reviews -n shop' },
    { description: 'One of them; the others stay', command: 'heddle route clear reviews --name end-user-jason' },
    { description: 'What would change', command: 'heddle route clear reviews --dry-run' },
  ];
  static override args = { service: serviceArg(ROUTED_PORTS) };
  static override flags = {
    name: Flags.string({
      summary: 'One standing route, by its name (heddle route list); default: all of the service.',
      helpValue: 'NAME',
      env: 'HEDDLE_NAME',
    }),
    ...changeFlags,
  };

  async run(): Promise<void> {
    const { args, flags, get } = await this.begin(RouteClear);
    const left = await get(TOKENS.standingRoutes).clear({
      service: parseServiceArgument(args.service),
      ...(flags.name === undefined ? {} : { name: flags.name }),
      dryRun: flags['dry-run'],
    });
    if (left !== undefined) this.endWith(left, get(TOKENS.output));
  }
}
