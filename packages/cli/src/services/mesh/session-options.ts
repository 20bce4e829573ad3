import type { AgentOptions, SessionOptions } from '@heddle/core';
import type { HeddleConfig } from '../../config/types.js';
import type { MeshRequest } from './request.js';

/** A session's options: the request over the configuration. */
export function sessionOptions(request: MeshRequest, namespace: string, config: Pick<HeddleConfig, 'agent' | 'defaults'>): SessionOptions {
  const { readyTimeout, ...agent } = config.agent;
  const chosen: AgentOptions = request.image === undefined ? agent : { ...agent, image: request.image };
  return {
    service: { namespace, name: request.service },
    ports: request.ports,
    ...(request.match === undefined ? {} : { match: request.match }),
    defaultHeader: config.defaults.header,
    agent: chosen,
    sidecar: request.sidecar,
    realise: request.realise,
    onLost: request.onLost,
    acceptPolicyGap: request.acceptPolicyGap,
    readyTimeoutMs: readyTimeout * 1000,
  };
}
