// Relata as a peer of the peer benchmark, through gRPC from Node.js (@grpc/grpc-js): the same client
// language and harness as its competitors have. docs/benchmarks.md says how to run it.
//
// RELATA_BIN is the folder of relatad, RELATA_PROTO that of the .proto files; both default to this
// checkout's. Queries are texts of the query language; the peer relata@call asks Q4, Q5 and Q6 by
// the procedures relata.chains, relata.paths and relata.timeline instead of by patterns.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const BIN = process.env.RELATA_BIN ?? path.join(ROOT, 'build/release/bin');
const PROTO = process.env.RELATA_PROTO ?? path.join(ROOT, 'proto');

const PATTERNS = {
  Q4: `MATCH TRAIL ()-[r:INVESTED_IN WHERE validFrom(r) >= datetime($since)]->{1,4}(:Company {id: $id})
    RETURN reduce(product = 1.0, e IN r | product * e.share) AS share ORDER BY share DESC LIMIT 10`,
  Q5: `MATCH p = ANY SHORTEST (:Company {id: $src})-[:TRANSFERRED]->{1,10}(:Company {id: $dst})
    RETURN length(p)`,
  Q6: `MATCH (:Company {id: $id})-[:INVESTED_IN]-{0,2}(c:Company) WITH DISTINCT c
    MATCH (c)<-[e:REGULATED]-(g) RETURN validFrom(e) AS date, c.id AS company, g.id AS regulator
    ORDER BY date, company, regulator LIMIT 100`,
};
const CALLS = {
  Q4: `MATCH (c:Company {id: $id}) CALL relata.chains(c, '<INVESTED_IN', {maxHops: 4, mode: 'TRAIL',
    startedFrom: $since, limit: 10}) YIELD shareLow RETURN shareLow`,
  Q5: `MATCH (a:Company {id: $src}), (b:Company {id: $dst})
    CALL relata.paths(a, b, {steps: 'TRANSFERRED>', maxHops: 10}) YIELD length RETURN length`,
  Q6: `MATCH (s:Company {id: $id}) CALL relata.timeline(s, '<REGULATED', {via: 'INVESTED_IN', maxHops: 2,
    limit: 100}) YIELD date, subject, actor RETURN date, subject.id, actor.id`,
};
const texts = c => (c.peerName.endsWith('@call') ? CALLS : PATTERNS);

async function start(c) {
  const portFile = path.join(c.db, 'port');
  fs.rmSync(portFile, { force: true });
  c.server = spawn(path.join(BIN, 'relatad'),
    ['--data', path.join(c.db, 'data'), '--listen', '127.0.0.1:0', '--port-file', portFile,
      '--log-level', 'warning', '--adjacency-cache-mib', '1024', '--fill-adjacency-cache', 'true'],
    { stdio: ['ignore', 'ignore', 'inherit'] });
  process.on('exit', () => c.server.kill('SIGKILL'));
  while (!fs.existsSync(portFile) || !fs.readFileSync(portFile, 'utf8').trim()) {
    if (c.server.exitCode !== null) throw new Error('relatad did not start');
    await sleep(5);
  }
  const grpc = c.req('@grpc/grpc-js');
  const definition = c.req('@grpc/proto-loader').loadSync(
    path.join(PROTO, 'relata/v1/query_service.proto'),
    { includeDirs: [PROTO], keepCase: true, longs: Number, defaults: false, oneofs: false });
  const { QueryService } = grpc.loadPackageDefinition(definition).relata.v1;
  const address = '127.0.0.1:' + fs.readFileSync(portFile, 'utf8').trim();
  c.connect = () => new QueryService(address, grpc.credentials.createInsecure(),
    { 'grpc.max_receive_message_length': -1, 'grpc.use_local_subchannel_pool': 1 });
  c.stub = c.connect();
}

async function stop(c) {
  c.stub.close();
  for (const stub of c.stubs ?? []) stub?.close();
  const gone = new Promise(r => c.server.on('exit', r));
  c.server.kill('SIGTERM');
  await gone;
}

const scalar = v => v.int_value ?? v.double_value ?? v.string_value ?? v.date_value ?? v.datetime_value ?? null;

/** The values of a column of a batch as JavaScript values. */
function valuesOf(column) {
  if (column.ints) return column.ints.values;
  if (column.doubles) return column.doubles.values;
  if (column.strings) return column.strings.indexes.map(i => column.strings.dictionary[i]);
  if (column.instants) {
    return column.instants.microseconds.map(us => new Date(Number(us) / 1000).toISOString());
  }
  if (column.dates) {
    return column.dates.days.map(d => new Date(d * 86400e3).toISOString().slice(0, 10));
  }
  return (column.values?.values ?? []).map(v => scalar(v.value ?? {}));
}

/** Asks `query`; gives the columns of the result as arrays, and how many rows there are. */
function ask(c, query, parameters, stub = c.stub) {
  const request = { query, parameters: Object.entries(parameters).map(([name, value]) => ({
    name, value: typeof value === 'string' ? { string_value: value }
      : Number.isInteger(value) && !name.startsWith('amount') ? { int_value: value } : { double_value: value } })) };
  return new Promise((resolve, reject) => {
    const columns = [];
    let rows = 0;
    const call = stub.RunQuery(request);
    call.on('data', message => {
      if (!message.batch) return;
      rows += message.batch.rows ?? 0;
      (message.batch.columns ?? []).forEach((column, i) => {
        const values = valuesOf(column);
        columns[i] = columns[i] ? columns[i].concat(values) : values;
      });
    });
    call.on('error', reject);
    call.on('end', () => resolve({ rows, columns }));
  });
}

const sum = values => (values ?? []).reduce((s, x) => s + x, 0);

export default {
  async load(c) {
    fs.rmSync(c.db, { recursive: true, force: true });
    fs.mkdirSync(c.db, { recursive: true });
    const from = name => path.join(c.data, name);
    const unique = ['Company', 'Person', 'Regulator'].flatMap(
      label => ['--run', `CREATE CONSTRAINT FOR (n:${label}) REQUIRE n.id IS UNIQUE`]);
    execFileSync(path.join(BIN, 'relatad'), ['load', '--data', path.join(c.db, 'data'), ...unique,
      '--csv', 'entity label=Company key=n/{id} id:int={id} .name={name} country={country} founded:date={founded}', from('company.csv'),
      '--csv', 'entity label=Person key=n/{id} id:int={id} .name={name} country={country}', from('person.csv'),
      '--csv', 'entity label=Regulator key=n/{id} id:int={id} .name={name}', from('regulator.csv'),
      '--csv', 'relationship type=INVESTED_IN from=n/{src} to=n/{dst} valid_from={date} amount:float={amount} share:float={share}',
      from('invested_company.csv'), from('invested_person.csv'),
      '--csv', 'relationship type=REGULATED from=n/{src} to=n/{dst} valid_from={date} action={action}', from('regulated.csv'),
      '--csv', 'relationship type=TRANSFERRED from=n/{src} to=n/{dst} amount:float={amount} valid_from:ms={ts}', from('transferred.csv'),
    ], { stdio: ['ignore', 'ignore', 'inherit'] });
    await start(c);
  },
  async open(c) {
    await start(c);
    c.version = execFileSync(path.join(BIN, 'relatad'), ['--version']).toString().trim();
    await ask(c, 'MATCH (c:Company {id: 0}) RETURN c.name', {});
  },
  close: stop,
  peakMb: c => {
    try {
      return Math.round(+/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${c.server.pid}/status`, 'utf8'))[1] / 1024);
    } catch {
      return null;
    }
  },
  queries: {
    Q1: async (c, p) => {
      const r = await ask(c, 'MATCH (c:Company {id: $id}) RETURN c.name, c.country, c.founded', p);
      return [r.columns.map(column => column[0]).join('|')];
    },
    Q2: async (c, p) => {
      const r = await ask(c, 'MATCH (:Company {id: $id})-[t:TRANSFERRED]->(n) RETURN n.id, t.amount, validFrom(t)', p);
      return [r.rows, sum(r.columns[1])];
    },
    Q3: async (c, p) => {
      const r = await ask(c, 'MATCH WALK (:Company {id: $id})-[:TRANSFERRED]->{3}(n) RETURN count(DISTINCT n)', p);
      return [r.columns[0][0]];
    },
    Q4: async (c, p) => {
      const r = await ask(c, texts(c).Q4, { id: p.id, since: p.min_date });
      return [r.rows, sum(r.columns[0])];
    },
    Q5: async (c, p) => {
      const r = await ask(c, texts(c).Q5, p);
      return [r.rows ? r.columns[0][0] : -1];
    },
    Q6: async (c, p) => {
      const r = await ask(c, texts(c).Q6, p);
      return [r.rows, sum(r.columns[1]), r.rows ? r.columns[0].at(-1).slice(0, 10) : ''];
    },
    Q7: async c => {
      const r = await ask(c, 'MATCH (s)-[r:INVESTED_IN]->() RETURN s.country, sum(r.amount)', {});
      const us = r.columns[0].indexOf('US');
      return [r.rows, sum(r.columns[1]), us < 0 ? 0 : r.columns[1][us]];
    },
    Q9: async c => {
      const r = await ask(c, 'MATCH (a)-[:TRANSFERRED]->(b)-[:TRANSFERRED]->(c) RETURN count(*)', {});
      return [r.columns[0][0]];
    },
  },
  countTransferred: async c => (await ask(c, 'MATCH ()-[t:TRANSFERRED]->() RETURN count(t)', {})).columns[0][0],
  async insert(c, r, k) {
    c.stubs ??= [];
    const stub = k === 0 ? c.stub : (c.stubs[k] ??= c.connect());
    await ask(c, `MATCH (a:Company {id: $src}), (b:Company {id: $dst})
      FOR PORTION OF VALID_TIME FROM datetime($at) TO '..' CREATE (a)-[:TRANSFERRED {amount: $amount}]->(b)`,
    { src: r.src, dst: r.dst, amount: r.amount, at: new Date(r.ts).toISOString() }, stub);
  },
  durable: true,
  durability: 'the write-ahead log is synced at every commit',
};
