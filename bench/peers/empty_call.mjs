// What a call takes from Node.js itself: `RETURN 1` through @grpc/grpc-js, one after the other. The
// peer benchmark asks each question 200 times, while the client's code is still being compiled;
// what is left of a call after that is seen in the last lines. docs/benchmarks.md quotes it.
//
//     node bench/peers/empty_call.mjs NPM 127.0.0.1:7687
//
// NPM is the folder where `npm install @grpc/grpc-js @grpc/proto-loader` was run.
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PROTO = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../proto');
const [npm, address] = process.argv.slice(2);
if (!address) {
  console.error('usage: empty_call.mjs NPM HOST:PORT');
  process.exit(2);
}
const require = createRequire(path.join(path.resolve(npm), 'x.js'));
const grpc = require('@grpc/grpc-js');
const definition = require('@grpc/proto-loader').loadSync(
  path.join(PROTO, 'relata/v1/query_service.proto'), { includeDirs: [PROTO] });
const { QueryService } = grpc.loadPackageDefinition(definition).relata.v1;
const stub = new QueryService(address, grpc.credentials.createInsecure());

const ask = () => new Promise((resolve, reject) => {
  const call = stub.RunQuery({ query: 'RETURN 1' });
  call.on('data', () => {});
  call.on('error', reject);
  call.on('end', resolve);
});

for (const calls of [200, 800, 4000, 5000, 5000]) {
  const times = [];
  for (let i = 0; i < calls; ++i) {
    const begun = performance.now();
    await ask();
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  const at = share => times[Math.min(calls - 1, Math.floor(calls * share))].toFixed(3);
  console.log(`${calls} calls: median ${at(0.5)} ms, 99th percentile ${at(0.99)} ms`);
}
stub.close();
