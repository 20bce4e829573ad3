import { Args } from '@oclif/core';
import { HeddleCommand } from '../../base-command.js';
import { clearFlags, clearRequest } from '../../flags/clear.js';
import { changeFlags, ROUTED_PORTS } from '../../flags/route.js';
import { TOKENS } from '../../tokens.js';

export default class RouteClear extends HeddleCommand {
  static override summary = 'Take standing routes back: requests go again where the rules of others send them.';
  static override description =
    `All standing routes of a service, or with --name one of them. With -f, those that routes files keep, whatever the files say now; with --kept-by, those of a file that is gone, by the name in its metadata. Routes of others stay. Removes the rules from the objects as they are now, so that what others have changed meanwhile stays, and then the record. It changes other people's traffic, so it shows what it would do and asks first, or wants --yes.

Exit code: 0 done; 2 bad input, or no consent; 3 refused; 4 the cluster; 5 something is left in the cluster.`;
  static override usage = ['route clear SERVICE[:PORT] [flags]', 'route clear -f FILE [flags]', 'route clear --kept-by NAME [flags]'];
  static override examples = [
    { description: 'Takes back whatever `heddle route` wrote for reviews', command: 'heddle route clear reviews -n shop' },
    { description: 'One of them; the others stay', command: 'heddle route clear reviews --name end-user-jason' },
    { description: 'What would change', command: 'heddle route clear reviews --dry-run' },
    { description: 'All that a routes file keeps', command: 'heddle route clear -f routes.yaml' },
    { description: 'The same where the file is gone', command: 'heddle route clear --kept-by bookinfo -n shop' },
  ];
  static override args = { service: Args.string({ description: ROUTED_PORTS, ignoreStdin: true }) };
  static override flags = { ...clearFlags, ...changeFlags };

  async run(): Promise<void> {
    const { args, flags, get } = await this.begin(RouteClear);
    const request = clearRequest(args.service, flags);
    const left =
      'service' in request
        ? await get(TOKENS.standingRoutes).clear({ ...request, dryRun: flags['dry-run'] })
        : await get(TOKENS.routesFiles).clear({ ...request, dryRun: flags['dry-run'] });
    if (left !== undefined) this.endWith(left, get(TOKENS.output));
  }
}
