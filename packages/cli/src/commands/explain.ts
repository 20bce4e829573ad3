import { Args } from '@oclif/core';
import { HeddleCommand } from '../base-command.js';
import { cliError } from '../errors/cli-error.js';
import { explainFlags } from '../flags/explain.js';
import { contextFlags, fileFlag, listFlag, meshFlag, namespaceFlag } from '../flags/shared-flags.js';
import { renderExplain } from '../rendering/explain.js';
import { explainDocument } from '../services/explain/explain-document.js';
import { TOKENS } from '../tokens.js';

export default class Explain extends HeddleCommand {
  static override summary = 'Say where a request would go, which rule decides, and why the ones before it do not.';
  static override description =
    `Nothing is sent: the mesh's objects are read, from a cluster or from files, and followed as the proxies follow them. The URL's host is written as the client writes it; what it means can depend on who calls, so say it: --from, --from-namespace with --from-labels, or --gateway. Without any, a pod in the mesh in the namespace of -n is taken.

With -f, what files leave out is assumed as little as possible, and each assumption is a note.`;
  static override examples = [
    {
      description: 'As a pod of the Deployment web in namespace shop',
      command: "heddle explain http://reviews:9080/ -H 'end-user: jason' --from shop/web",
    },
    { description: 'Offline, from a folder of YAML', command: 'heddle explain http://reviews.shop:9080/v2 -X POST -f mesh/' },
    {
      description: 'Through the ingress gateway',
      command: 'heddle explain https://shop.example.com/cart --gateway edge/gateway',
    },
    { description: 'For a script', command: 'heddle explain http://reviews:9080/ -f mesh/ -o json' },
  ];
  static override args = {
    url: Args.string({ required: true, description: 'The URL, its host as the client writes it.', ignoreStdin: true }),
  };
  static override flags = { ...explainFlags, ...namespaceFlag, ...contextFlags, ...meshFlag, ...fileFlag };

  async run(): Promise<void> {
    const { args, flags, get } = await this.begin(Explain);
    const output = get(TOKENS.output);
    const optional = (key: string, value: string | undefined) => (value === undefined ? {} : { [key]: value });
    const report = await get(TOKENS.explain).explain({
      url: args.url,
      headers: listFlag(flags['request-header']),
      ...optional('method', flags.request),
      ...optional('from', flags.from),
      ...optional('fromNamespace', flags['from-namespace']),
      ...optional('fromLabels', flags['from-labels']),
      ...optional('gateway', flags.gateway),
      ...optional('envoy', flags.envoy),
    });
    if (output.format === 'text') output.result(report, (value, paper) => renderExplain(value, paper, flags.verbose));
    else output.result(explainDocument(report), () => '');
    if (report.dependsOn.length > 0) this.endWith(unknown(report.dependsOn.map(({ feature }) => feature)), output);
  }
}

function unknown(features: readonly string[]) {
  const rights = features.includes('unread') ? ['Ask for the rights that the guide lists under Rights.'] : [];
  const names = [...new Set(features)].map((feature) => (feature === 'unread' ? 'objects that you may not list' : feature));
  return cliError('answer-unknown', `What becomes of the request depends on ${names.join(', ')}, which heddle cannot read.`, rights);
}
