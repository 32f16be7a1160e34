// Requests to the emulator, and the wait for its changes.

async function send(method, path, body, signal) {
  const options = { method, signal };
  if (body !== undefined) {
    options.headers = { "content-type": "application/json" };
    options.body = JSON.stringify(body);
  }
  const response = await fetch(`/_emulator/${path}`, options);
  const text = await response.text();
  let json = {};
  try {
    json = JSON.parse(text);
  } catch {
    // Not from the control plane. The status code is the best description.
  }
  if (!response.ok) throw new Error(json.error ?? `${path}: HTTP ${response.status}`);
  return json;
}

export function command(path, body, method = "POST") {
  return send(method, path, body);
}

/** Reads from the console's part of the control plane. Empty parameters are omitted. */
export function read(path, parameters = {}, signal) {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== "" && value !== false && value !== undefined);
  const query = new URLSearchParams(pairs).toString();
  return send("GET", `console/${path}${query && "?"}${query}`, undefined, signal);
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Calls `changed` after each change, at most four times a second, and `lost` while the emulator cannot be reached. */
export async function follow(changed, lost, signal) {
  let since = 0;
  while (!signal.aborted) {
    try {
      since = (await read("changes", { since }, signal)).version;
      changed();
      await pause(250);
    } catch {
      if (signal.aborted) return;
      lost();
      since = 0;
      await pause(1000);
    }
  }
}
