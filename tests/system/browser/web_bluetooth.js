// Web Bluetooth for a page under test: one device, whose characteristics are answered by the test (`toWatch`).
(() => {
  const waiting = new Map();
  const characteristics = new Map();
  let next = 0;
  const call = (what) => new Promise((done, fail) => {
    next += 1;
    waiting.set(next, { done, fail });
    window.toWatch(JSON.stringify({ id: next, ...what }));
  });
  const view = (bytes) => new DataView(Uint8Array.from(bytes).buffer);

  class Characteristic extends EventTarget {
    constructor(uuid) {
      super();
      this.uuid = uuid;
    }
    async readValue() {
      return view(await call({ do: "read", uuid: this.uuid }));
    }
    async writeValueWithResponse(value) {
      await call({ do: "write", uuid: this.uuid, value: [...value] });
    }
    async startNotifications() {
      characteristics.set(this.uuid, this);
      return this;
    }
  }

  class Device extends EventTarget {
    name = "Tapwatch 4F2A";
    gatt = {
      device: this,
      connected: false,
      connect: async () => {
        await call({ do: "connect" });
        this.gatt.connected = true;
        return this.gatt;
      },
      disconnect: () => window.dropped(),
      getPrimaryService: async () => ({ getCharacteristic: async (uuid) => new Characteristic(uuid) }),
    };
  }
  const device = new Device();
  const names = [device.name, `Espruino ${device.name}`]; // by the setting of the watch; services of its own are not advertised

  window.fromWatch = (id, error, value) => {
    const { done, fail } = waiting.get(id);
    waiting.delete(id);
    if (error) fail(new DOMException(error, "NetworkError"));
    else done(value);
  };
  window.notified = (uuid, bytes) => {
    const one = characteristics.get(uuid);
    if (!one || !device.gatt.connected) return;
    one.value = view(bytes);
    one.dispatchEvent(new Event("characteristicvaluechanged"));
  };
  window.dropped = () => {
    device.gatt.connected = false;
    characteristics.clear();
    device.dispatchEvent(new Event("gattserverdisconnected"));
  };
  const requestDevice = async ({ filters }) => {
    const found = names.filter((name) => filters.some(({ namePrefix }) => namePrefix && name.startsWith(namePrefix)));
    if (found.length !== names.length) throw new DOMException("a watch is not in the list", "NotFoundError");
    return device;
  };
  const bluetooth = { getAvailability: async () => true, requestDevice };
  Object.defineProperty(navigator, "bluetooth", { value: bluetooth, configurable: true });
})();
