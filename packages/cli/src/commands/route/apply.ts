import { HeddleCommand } from '../../base-command.js';
import { changeFlags } from '../../flags/route.js';
import { forceFlag, routesFileFlag } from '../../flags/routes-file.js';
import { listFlag } from '../../flags/shared-flags.js';
import { TOKENS } from '../../tokens.js';

export default class RouteApply extends HeddleCommand {
  static override summary = 'Make the standing routes that a file keeps just those that it has.';
  static override description =
    `A routes file (apiVersion: heddle.dev/v1, kind: Routes) has standing routes of services of one namespace: splits, matches, mirrors and faults. Those that it has are written, those that it had are taken back, and what is so already is left alone: the same file applied again writes nothing. Routes that people made by command, or that another file keeps, stay; where one of them has the same name, or wants the same of the same requests, the file is refused, or takes it over with --force. A route moves to another file when both are applied at once; what a file that is gone has left is taken back by \`heddle route clear --kept-by NAME\`.

All services are planned before anything is written, then shown and asked for once, and written one after the other. If one cannot be written, those before it stand, the exit code is 5, and the same command goes on from there.

Exit code: 0 done, or already so; 2 bad input, or no consent; 3 the plan says no; 4 the cluster; 5 some services are written and one is not, or something is left in the cluster.`;
  static override examples = [
    { description: 'The routes of a file', command: 'heddle route apply -f routes.yaml' },
    {
      description: 'What it would change: objects as a diff, routes before and after',
      command: 'heddle route apply -f routes.yaml --dry-run',
    },
    { description: 'In a pipeline, all files of a folder', command: 'heddle route apply -f routing/ --yes' },
  ];
  static override flags = { ...routesFileFlag, ...forceFlag, ...changeFlags };

  async run(): Promise<void> {
    const { flags, get } = await this.begin(RouteApply);
    const output = get(TOKENS.output);
    const failed = await get(TOKENS.routesFiles).apply({
      files: listFlag(flags.filename),
      ...(flags.namespace === undefined ? {} : { namespace: flags.namespace }),
      force: flags.force,
      dryRun: flags['dry-run'],
    });
    if (failed !== undefined) this.endWith(failed, output);
  }
}
