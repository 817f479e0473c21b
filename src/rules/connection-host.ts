/** Who can reach the host that a login stands beside. */
export type HostClass = 'documentation' | 'local' | 'private' | 'variable' | 'public';

/**
 * @param host name or address, with or without a port; of a list the first counts.
 * @see RFC 2606 and RFC 6761 for the names, RFC 5737 and RFC 3849 for the addresses of documentation
 */
export const hostClass = (host: string): HostClass => {
  const name = host
    .toLowerCase()
    .replace(/,.*$/s, '')
    .replace(/:\d{1,5}$/, '')
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  if (/[%$*{}]/.test(name)) return 'variable';
  if (documentation.test(name)) return 'documentation';
  if (name === '' || name.startsWith('/') || local.test(name) || /^[a-z0-9_-]+$/.test(name)) return 'local'; // a bare word: a service of compose
  return privateNet.test(name) ? 'private' : 'public';
};

const documentation =
  /(?:^|\.)example(?:\.(?:com|net|org|edu))?$|\.(?:test|invalid|example)$|^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.|^2001:db8:|^(?:your|my|some)[-_.]?|^(?:host(?:name)?|server|ip|address|domain|foo|bar|acme|mydomain|somehost|yourhost)(?:\.(?:com|net|org|tld))?$/;
const local =
  /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|0\.0\.0\.0|host\.docker\.internal|localhost\.localdomain)$|\.localhost$/;
const privateNet =
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.)|\.(?:local|internal|intranet|lan|svc|home|corp)$|\.svc\./;
