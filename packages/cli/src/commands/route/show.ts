import { Args } from '@oclif/core';
import { HeddleCommand } from '../../base-command.js';
import { cliError } from '../../errors/cli-error.js';
import { parseServiceArgument } from '../../flags/service-argument.js';
import { contextFlags, fileFlag, meshFlag, namespaceFlag } from '../../flags/shared-flags.js';
import { renderRoutes } from '../../rendering/route-table.js';
import { routeDocument } from '../../services/route-document.js';
import { TOKENS } from '../../tokens.js';

export default class RouteShow extends HeddleCommand {
  static override summary = "Show where a service's requests go, as the mesh applies its rules.";
  static override description =
    `One table for each set of callers that see the same rules (pods in the mesh, each gateway) and each port. Rules are tried from top to bottom, and the first that fits decides; the last column names the object that each comes from. Sessions and standing routes of heddle's are in green; a standing route that is a copy of rules which others have changed since is told below the tables.

Exit code 6: which rules count depends on objects that you may not list.`;
  static override examples = [
    { description: 'All ports of a service', command: 'heddle route show tomcat -n mesh-demo' },
    { description: 'Offline, from a folder of YAML', command: 'heddle route show reviews -f mesh/' },
    { description: 'One port, as JSON', command: 'heddle route show tomcat:8080 -n mesh-demo -o json' },
  ];
  static override args = {
    service: Args.string({
      required: true,
      description: 'The service, with :PORT (number or name) for one of its ports.',
      ignoreStdin: true,
    }),
  };
  static override flags = { ...namespaceFlag, ...contextFlags, ...meshFlag, ...fileFlag };

  async run(): Promise<void> {
    const { args, get } = await this.begin(RouteShow);
    const output = get(TOKENS.output);
    const report = await get(TOKENS.route).show(parseServiceArgument(args.service));
    if (output.format === 'text') output.result(report, renderRoutes);
    else output.result(routeDocument(report), () => '');
    if (report.gaps.some(({ feature }) => feature === 'unread')) this.endWith(unread(args.service), output);
  }
}

function unread(service: string) {
  const message = `Where requests for ${service} go depends on objects that you may not list, so what is shown may not be so.`;
  return cliError('answer-unknown', message, ['Ask for the rights that the guide lists under Rights.']);
}
