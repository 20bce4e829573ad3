import { adapter as istio } from '@heddle/adapter-istio';
import { adapter as kuma } from '@heddle/adapter-kuma';
import { convert } from '@heddle/core';
import { loadGoldens, withoutRefused } from './dist/goldens/index.js';
const I={adapter:istio,env:{served:{VirtualService:'networking.istio.io/v1',DestinationRule:'networking.istio.io/v1'},settings:{}}};
const envs={mhr:{served:{},settings:{}},tr:{served:{},version:'2.14.3',settings:{routing:'TrafficRoute'}}};
const [env,...ids]=process.argv.slice(2);
for(const g of await loadGoldens('goldens/istio')) if(ids.length===0||ids.includes(g.id)) { const golden=withoutRefused(g,istio,I.env);
 const c=convert({objects:golden.objects,sources:[I],target:{adapter:kuma,env:envs[env]}});
 for(const l of c.losses) if(ids.length||l.code==='differs') console.log(g.id,l.code,l.message,l.requests,'|',JSON.stringify(l.witness?.request),'|',l.witness?.before,'=>',l.witness?.after);
 if(ids.length&&process.env.OBJ) for(const o of c.objects) if(o.kind!=='Service') console.log(JSON.stringify(o.spec,null,1)) }
