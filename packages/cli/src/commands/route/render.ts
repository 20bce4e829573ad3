import { EXIT } from '@heddle/core';
import { HeddleCommand } from '../../base-command.js';
import { meshWithoutClusterFlags, parseSettings } from '../../flags/mesh-without-cluster.js';
import { outFlags } from '../../flags/out.js';
import { routesFileFlag } from '../../flags/routes-file.js';
import { listFlag, meshFlag, namespaceFlag } from '../../flags/shared-flags.js';
import { lossTexts } from '../../rendering/rendered-objects.js';
import { resultObjects, sayWritten } from '../../rendering/written-objects.js';
import { TOKENS } from '../../tokens.js';

export default class RouteRender extends HeddleCommand {
  static override summary = "Write a mesh's own objects for a routes file: without a cluster.";
  static override description =
    `What the file says, as somebody who knows the mesh would write it, with no trace of heddle: for a repository, or for kubectl. Nothing is read but the files. Ports, selectors and versions of the services come from the file (reviews:9080, or services), or from Services that another -f holds; what is missing is an error, and what is assumed is a note. It assumes that nobody else has rules for these services.

What the mesh cannot say is a warning that names the requests, whose rule is then left out or narrowed, never widened. Objects go to standard output, everything else to standard error; with --out, each object gets a file of its own, which kubectl apply -f FOLDER applies in order.

Exit code: 0 done; 2 bad input; 6 with --strict, when something is lost.`;
  static override examples = [
    { description: 'For a repository', command: 'heddle route render -f routes.yaml --mesh ADAPTER > objects.yaml' },
    { description: 'A file for each object', command: 'heddle route render -f routes.yaml --mesh ADAPTER --out mesh/' },
    { description: 'With the ports of the application', command: 'heddle route render -f routes.yaml -f app/ --mesh ADAPTER --strict' },
    {
      description: 'For a mesh that is set up otherwise than by default',
      command: 'heddle route render -f routes.yaml --mesh ADAPTER --mesh-version 2.14 --set KEY=VALUE',
    },
  ];
  static override flags = { ...routesFileFlag, ...outFlags, ...meshWithoutClusterFlags, ...namespaceFlag, ...meshFlag };

  async run(): Promise<void> {
    const { flags, get } = await this.begin(RouteRender);
    const output = get(TOKENS.output);
    const version = flags['mesh-version'];
    const made = await get(TOKENS.routeRenderer).render({
      files: listFlag(flags.filename),
      settings: parseSettings(flags.set),
      ...(flags.namespace === undefined ? {} : { namespace: flags.namespace }),
      ...(flags.mesh === undefined ? {} : { mesh: flags.mesh }),
      ...(version === undefined ? {} : { version }),
      ...(flags.out === undefined ? {} : { out: { folder: flags.out, force: flags.force, inputs: listFlag(flags.filename) } }),
    });
    for (const note of made.notes) output.progress(`Note: ${note}`);
    for (const loss of lossTexts(made.losses)) output.warn(loss);
    if (output.format === 'text') {
      resultObjects(made, output);
      if (made.out !== undefined) sayWritten(made.out, output);
    } else output.result(made, () => '');
    if (flags.strict && made.losses.length > 0) this.exit(EXIT.negative);
  }
}
