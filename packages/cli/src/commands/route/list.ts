import { Args } from '@oclif/core';
import { HeddleCommand } from '../../base-command.js';
import { parseRouteService } from '../../flags/route.js';
import { allNamespacesFlag, contextFlags, meshFlag, namespaceFlag } from '../../flags/shared-flags.js';
import { renderRouteList } from '../../rendering/route-list.js';
import { TOKENS } from '../../tokens.js';

export default class RouteList extends HeddleCommand {
  static override summary = 'List the standing routes of a namespace, or of one service: what they do, and whose they are.';
  static override description =
    `STATE tells whether the rules stand as they were written. Rules that are gone, because somebody wrote their object anew, come back with \`heddle route refresh\`. A rule that was edited by hand is neither overwritten nor removed: put it back as it was, or take it out, then refresh. Both are told of all routes of a service, which are written together. A route that is “copied from a table that changed” goes on as it was written, though others have changed the rules beneath it: \`heddle route refresh\` takes their changes over. One that is “out of date” would be written otherwise now: its objects have been changed, or what it names is called otherwise, such as a port of its service; it may not do what was meant: \`heddle route refresh\` writes it anew. One that is “not for all ports” was made for all of its service, which has got more since: \`heddle route refresh\` takes these in. A change that is unfinished was begun by a process that is at it, or gone: the same command again, or \`heddle clean\`, brings it to an end.`;
  static override usage = 'route list [SERVICE] [flags]';
  static override examples = [
    { description: 'All of a namespace', command: 'heddle route list -n shop' },
    { description: 'Of one service, as JSON', command: 'heddle route list reviews -n shop -o json' },
    { description: 'Of all namespaces', command: 'heddle route list -A' },
  ];
  static override args = { service: Args.string({ description: 'The service; default: all.', ignoreStdin: true }) };
  static override flags = { ...allNamespacesFlag, ...namespaceFlag, ...contextFlags, ...meshFlag };

  async run(): Promise<void> {
    const { args, flags, get } = await this.begin(RouteList);
    const allNamespaces = flags['all-namespaces'];
    const service = args.service === undefined ? {} : { service: parseRouteService(args.service) };
    const list = await get(TOKENS.standingRoutes).list({ ...service, allNamespaces });
    const connection = await get(TOKENS.connections).open();
    const owners = list.withoutRecord.map(({ namespace, id }) => `route/${namespace}/${id}`);
    if (owners.length > 0)
      get(TOKENS.output).warn(withoutRecord(owners, `${allNamespaces ? '-A' : `-n ${connection.namespace}`}${connection.flags}`));
    const where = allNamespaces ? 'in any namespace' : `in namespace ${connection.namespace}`;
    get(TOKENS.output).result(list, (value, paper) =>
      renderRouteList(value, `${args.service === undefined ? '' : `of ${args.service} `}${where}`, connection.flags, paper),
    );
  }
}

function withoutRecord(owners: readonly string[], flags: string): string {
  return `Rules of standing routes stand whose record is gone (${owners.join(', ')}). Remove them: heddle clean ${flags}`;
}
