# Creates an organization, lists all organizations, and handles an error: ruby quickstart.rb
#
# Ruby calls the C library with Fiddle, which is part of its standard library.
require "fiddle/import"
require "json"

module Native
  extend Fiddle::Importer
  dlload "libscalekit.so.0"
  extern "void *scalekit_client_from_env(const char *, void **)"
  extern "void *scalekit_call(void *, const char *, const char *)"
  extern "void *scalekit_pager_new(void *, const char *, const char *, void **)"
  extern "void *scalekit_pager_next(void *)"
  extern "int scalekit_result_kind(void *)"
  extern "const char *scalekit_result_json(void *, size_t *)"
  extern "void scalekit_result_free(void *)"
  extern "void scalekit_pager_free(void *)"
  extern "void scalekit_client_free(void *)"
end

class ScalekitError < StandardError
  attr_reader :details

  def initialize(details)
    @details = details
    super(details["summary"])
  end
end

# A client of Scalekit's API.
class Client
  def initialize
    error = Fiddle::Pointer.malloc(Fiddle::SIZEOF_VOIDP, Fiddle::RUBY_FREE)
    @handle = Native.scalekit_client_from_env(nil, error)
    take(error.ptr) if @handle.null?
    free = Fiddle::Function.new(Native["scalekit_client_free"], [Fiddle::TYPE_VOIDP], Fiddle::TYPE_VOID)
    @handle.free = free
  end

  # Makes a call by its name.
  def call(operation, **arguments)
    take(Native.scalekit_call(@handle, operation, JSON.generate(arguments)))
  end

  # Yields the items of all pages of a list.
  def each(operation, **arguments)
    pager = Native.scalekit_pager_new(@handle, operation, JSON.generate(arguments), nil)
    until (page = Native.scalekit_pager_next(pager)).null?
      take(page).each { |item| yield item }
    end
  ensure
    Native.scalekit_pager_free(pager) if pager
  end

  private

  # Reads a result and frees it.
  def take(result)
    length = Fiddle::Pointer.malloc(Fiddle::SIZEOF_SIZE_T, Fiddle::RUBY_FREE)
    text = Native.scalekit_result_json(result, length)
    json = JSON.parse(text[0, length[0, Fiddle::SIZEOF_SIZE_T].unpack1("J")].force_encoding("UTF-8"))
    raise ScalekitError, json unless Native.scalekit_result_kind(result).zero?

    json
  ensure
    Native.scalekit_result_free(result)
  end
end

client = Client.new
acme = client.call("organizations.create", organization: { display_name: "Acme & Söhne" })
puts "created #{acme["display_name"]} (#{acme["id"]})"
client.each("organizations.list_all") { |organization| puts organization["id"] }
begin
  client.call("organizations.get", id: "org_none")
  abort "an organization that does not exist was found"
rescue ScalekitError => e
  puts "#{e.details["kind"]}: #{e.message}"
end
