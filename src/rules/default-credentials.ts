import { latin1Bytes } from '../text/index.ts';
import type { Reason } from './verdict.ts';

/**
 * The canonical bytes of a login: user, password and host, joined by NUL. The same login in a URL and in a file of
 * settings is one credential.
 */
export const credentialBytes = (user: string, password: string, host: string): Uint8Array =>
  latin1Bytes(`${user}\0${password}\0${withoutPort(host.toLowerCase())}`);

/** One account may be reached through several ports, and a file of settings need not name the usual one. */
const withoutPort = (host: string): string => host.replace(/^(\[.*\]|[^:]*):[0-9]{1,5}$/, '$1');

/**
 * Says why a login is one that a product comes with or that documentation uses. It is a weakness where a machine really
 * has it, and no leak: `possible` for what products come with, `inert` for what only documentation has.
 */
export const defaultReason = (user: string, password: string): Reason | null => {
  const pair = `${user}:${password}`.toLowerCase().replaceAll(' ', '');
  if (documentedPairs.has(pair)) {
    return { kind: 'documented-example', verdict: 'inert', detail: 'The login of documentation and tutorials.' };
  }
  if (defaultPairs.has(pair) || (user !== '' && user.toLowerCase() === password.toLowerCase())) {
    return {
      kind: 'default-password',
      verdict: 'possible',
      detail: 'The password that the product comes with, or the name of its user.',
    };
  }
  return null;
};

const pairs = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

const documentedPairs = pairs(`
  user:pass user:password user:passwd user:secret user:pw username:password user1:password1 foo:bar foo:foo me:mypassword
  myuser:mypassword myuser:mypass usr:pwd usr:pass name:password alice:secret bob:secret someuser:somepass
  aladdin:opensesame test:test test:testing demo:demo login:password u:p x:y a:b myuseradmin:abc123 postman:password
  admin:secret root:pw root:dbpass root:pass hello:world me:secret john:doe username:pass dbuser:dbpass db_user:db_pass db_user:db_password your_username:your_password`);

const defaultPairs = pairs(`
  postgres:postgres postgres:password postgres:secret postgres:example postgres:mysecretpassword root:root root:toor
  root:password root:secret root:example root:rootpassword admin:admin admin:password admin:admin123 admin:changeme
  guest:guest minioadmin:minioadmin elastic:changeme vagrant:vagrant pi:raspberry cisco:cisco system:oracle scott:tiger
  tomcat:s3cret weblogic:welcome1 wordpress:wordpress mysql:mysql neo4j:neo4j neo4j:test jenkins:jenkins rabbitmq:rabbitmq
  rabbitmq:guest zabbix:zabbix admin:zabbix default:foobared :foobared :redis :password :mypassword sa:password
  sa:yourstrong(!)password sa:yourstrong!passw0rd user:user anonymous:anonymous ftp:ftp`);
