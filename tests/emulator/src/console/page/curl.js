// A recorded request as a command for a shell.

// curl sets these itself.
const OMITTED = ["host", "content-length", "connection", "accept-encoding", "user-agent", "transfer-encoding", "expect"];

const quote = (text) => `'${String(text).replaceAll("'", `'\\''`)}'`;

/** The text of a body in which a revealed client secret replaces the mark of a redacted one. */
function bodyOf(request, secrets) {
  const text = typeof request.body === "string" ? request.body : JSON.stringify(request.body);
  if (!secrets) return text;
  return text
    .replace("client_secret=[redacted]", `client_secret=${encodeURIComponent(secrets.client_secret)}`)
    .replace('"client_secret":"[redacted]"', `"client_secret":${JSON.stringify(secrets.client_secret)}`);
}

function headerOf([name, value], secrets) {
  if (name !== "authorization" || !value.toLowerCase().startsWith("bearer ")) return `-H ${quote(`${name}: ${value}`)}`;
  return secrets ? `-H ${quote(`authorization: Bearer ${secrets.token}`)}` : `-H "authorization: Bearer $TOKEN"`;
}

/** Without `secrets`, the token is the variable `TOKEN`, and redacted values stay redacted. */
export function curl(request, environmentUrl, secrets) {
  const url = `${environmentUrl}${request.path}${request.query && "?"}${request.query}`;
  const parts = [`curl${request.method === "GET" ? "" : ` -X ${request.method}`} ${quote(url)}`];
  for (const header of Object.entries(request.headers)) {
    if (!OMITTED.includes(header[0])) parts.push(headerOf(header, secrets));
  }
  if (request.body !== null) parts.push(`--data-raw ${quote(bodyOf(request, secrets))}`);
  return parts.join(" \\\n  ");
}
