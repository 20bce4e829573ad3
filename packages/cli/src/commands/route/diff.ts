import { EXIT } from '@heddle/core';
import { HeddleCommand } from '../../base-command.js';
import { forceFlag, routesFileFlag } from '../../flags/routes-file.js';
import { contextFlags, listFlag, meshFlag, namespaceFlag } from '../../flags/shared-flags.js';
import { TOKENS } from '../../tokens.js';

export default class RouteDiff extends HeddleCommand {
  static override summary = 'Show what heddle route apply would change, and say by the exit code whether it would.';
  static override description =
    `The same plan, with the objects as a diff and the routes before and after; nothing is written, and no right to write is needed. For a pipeline that watches whether the cluster is as the repository says.

Exit code: 0 all is as the files say; 2 bad input; 3 the plan says no; 4 the cluster; 6 something would change.`;
  static override examples = [
    { description: 'Is the cluster as the file says?', command: 'heddle route diff -f routes.yaml' },
    { description: 'For a program', command: 'heddle route diff -f routing/ -o json' },
  ];
  static override flags = { ...routesFileFlag, ...forceFlag, ...namespaceFlag, ...contextFlags, ...meshFlag };

  async run(): Promise<void> {
    const { flags, get } = await this.begin(RouteDiff);
    const differs = await get(TOKENS.routesFiles).diff({
      files: listFlag(flags.filename),
      ...(flags.namespace === undefined ? {} : { namespace: flags.namespace }),
      force: flags.force,
    });
    if (differs) this.exit(EXIT.negative);
  }
}
