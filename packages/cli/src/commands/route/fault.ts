import { Flags } from '@oclif/core';
import { HeddleCommand } from '../../base-command.js';
import { HTTP_PORTS, parseFault, percentFlag, serviceArg, setFlags, setRequest } from '../../flags/route.js';
import { TOKENS } from '../../tokens.js';

export default class RouteFault extends HeddleCommand {
  static override summary = 'Delay requests of a service, or answer them with an error, to see how its callers bear it.';
  static override description =
    `Writes a standing route that injects faults. Each is drawn by itself for each request, --percent of them: a delay before it is sent on, an abort in its place. Requests that are not drawn go where they went. Faults that the rules of others inject already are replaced by these.

It hits whoever calls: name a header that only tests send, unless everybody is meant. The same command with other values changes the route; another match makes one beside it. \`heddle route clear\` takes it back. Which meshes can do it: \`heddle clusters\`.

Exit code: 0 done, or already so; 2 bad input, or no consent; 3 the plan says no; 4 the cluster; 5 something is left in the cluster.`;
  static override usage = 'route fault SERVICE[:PORT] --delay DURATION | --abort STATUS [flags]';
  static override examples = [
    { description: 'Seven seconds for jason', command: 'heddle route fault ratings --delay 7s --header end-user=jason -n shop' },
    { description: 'A 503 for one request in twenty', command: 'heddle route fault ratings --abort 503 --percent 5' },
    { description: 'Take it back', command: 'heddle route clear ratings --name fault' },
  ];
  static override args = { service: serviceArg(HTTP_PORTS) };
  static override flags = {
    delay: Flags.string({ summary: 'How long requests wait: 7s, 500ms, 1m.', helpValue: 'DURATION', env: 'HEDDLE_DELAY' }),
    abort: Flags.string({ summary: 'What requests are answered in the place of the service.', helpValue: 'STATUS', env: 'HEDDLE_ABORT' }),
    ...percentFlag,
    ...setFlags,
  };

  async run(): Promise<void> {
    const { args, flags, get } = await this.begin(RouteFault);
    await get(TOKENS.standingRoutes).set(setRequest(args.service, flags, parseFault(flags)));
  }
}
