import { Flags } from '@oclif/core';
import { HeddleCommand } from '../../base-command.js';
import { HTTP_PORTS, parsePercent, parseVersion, percentFlag, serviceArg, setFlags, setRequest } from '../../flags/route.js';
import { TOKENS } from '../../tokens.js';

export default class RouteMirror extends HeddleCommand {
  static override summary = 'Send copies of the requests of a service to a version, whose answers nobody waits for.';
  static override description =
    `Writes a standing route that copies requests. Where they go, and what callers are answered, stays as it is; what the version answers to copies is thrown away. But it does handle them: what writes to a database writes twice. Copies that the rules of others make already are replaced by these.

The same command with another percentage changes the route; another match makes one beside it. \`heddle route clear\` takes it back. Which meshes can do it: \`heddle clusters\`.

Exit code: 0 done, or already so; 2 bad input, or no consent; 3 the plan says no; 4 the cluster; 5 something is left in the cluster.`;
  static override usage = 'route mirror SERVICE[:PORT] --to VERSION [flags]';
  static override examples = [
    { description: 'A copy of every tenth request to v3', command: 'heddle route mirror reviews --to v3 --percent 10 -n shop' },
    { description: 'Of reading requests alone', command: 'heddle route mirror reviews --to v3 --method =GET' },
    { description: 'Take it back', command: 'heddle route clear reviews --name mirror' },
  ];
  static override args = { service: serviceArg(HTTP_PORTS) };
  static override flags = {
    to: Flags.string({ required: true, summary: 'The version that gets the copies.', helpValue: 'VERSION', env: 'HEDDLE_TO' }),
    ...percentFlag,
    ...setFlags,
  };

  async run(): Promise<void> {
    const { args, flags, get } = await this.begin(RouteMirror);
    const mirror = { version: parseVersion(flags.to), percent: parsePercent(flags.percent) };
    await get(TOKENS.standingRoutes).set(setRequest(args.service, flags, { mirror }));
  }
}
