// The boot file of tests with machines: an EFI application that says on the console that it has started,
// and what it knows of where it came from. tools/boot-program compiles it for each architecture.
//
// Two fields of 64 octets can be written into the finished file, before it is signed: a label, which makes
// files distinct and tells on the console which of them has started, and how the program ends.
//
// What is declared here of UEFI 2.10 is what is called; a void pointer is a service that is not. Names in
// brackets are the specification's sections.

#include <stdint.h>

typedef uint16_t Char16; // wchar_t of this target is 16 bits wide: L"" is a string of the firmware's
typedef uintptr_t Status;
typedef struct { uint32_t a; uint16_t b, c; uint8_t d[8]; } Guid;

#define ERROR_BIT ((Status)1 << (sizeof(Status) * 8 - 1))
#define NOT_FOUND (ERROR_BIT | 14)

typedef struct { uint64_t signature; uint32_t revision, size, crc32, reserved; } Header;

typedef struct TextOutput { // [12.4]
  void *reset;
  Status (*output_string)(struct TextOutput *self, const Char16 *text);
} TextOutput;

typedef struct { // [4.4]
  Header header;
  void *before_handle_protocol[16]; // RaiseTPL … UninstallProtocolInterface
  Status (*handle_protocol)(void *handle, const Guid *protocol, void **interface);
  void *before_locate_protocol[20]; // Reserved … LocateHandleBuffer
  Status (*locate_protocol)(const Guid *protocol, void *registration, void **interface);
} BootServices;

typedef struct { // [4.5]
  Header header;
  void *before_get_variable[6]; // GetTime … ConvertPointer
  Status (*get_variable)(const Char16 *name, const Guid *vendor, uint32_t *attributes, uintptr_t *size, void *data);
  void *before_reset_system[3]; // GetNextVariableName … GetNextHighMonotonicCount
  void (*reset_system)(int type, Status status, uintptr_t size, void *data);
} RuntimeServices;

typedef struct { // [4.3]
  Header header;
  void *firmware_vendor;
  uint32_t firmware_revision;
  void *console_in_handle, *console_in, *console_out_handle;
  TextOutput *console_out;
  void *standard_error_handle, *standard_error;
  RuntimeServices *runtime;
  BootServices *boot;
} SystemTable;

typedef struct { // [9.1]
  uint32_t revision;
  void *parent_handle, *system_table, *device_handle, *file_path, *reserved;
  uint32_t load_options_size;
  void *load_options;
} LoadedImage;

typedef struct { // [10.6]
  void *convert_device_node_to_text;
  Char16 *(*convert_device_path_to_text)(const void *path, uint8_t display_only, uint8_t allow_shortcuts);
} DevicePathToText;

static const Guid LOADED_IMAGE = {0x5b1b31a1, 0x9562, 0x11d2, {0x8e, 0x3f, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
static const Guid IMAGE_PATH = {0xbc62157e, 0x3e33, 0x4fec, {0x99, 0x20, 0x2d, 0x3b, 0x36, 0xd7, 0x50, 0xdf}};
static const Guid PATH_TO_TEXT = {0x8b843e20, 0x8132, 0x4852, {0x90, 0xcc, 0x55, 0x1a, 0x4e, 0x4a, 0x7f, 0x1c}};
static const Guid GLOBAL = {0x8be4df61, 0x93ca, 0x11d2, {0xaa, 0x0d, 0x00, 0xe0, 0x98, 0x03, 0x2b, 0x8c}};
enum { SHUTDOWN = 2 }; // EfiResetShutdown

#if defined(__x86_64__)
#define ARCHITECTURE L"x64"
#elif defined(__i386__)
#define ARCHITECTURE L"ia32"
#elif defined(__aarch64__)
#define ARCHITECTURE L"aarch64"
#endif

// volatile: the compiler must not take the text of today for that of the finished file.
static volatile const char label[64] = "edgeboot-label=unlabelled";
static volatile const char end[64] = "edgeboot-end=return";

static void print(SystemTable *system, const Char16 *text) {
  system->console_out->output_string(system->console_out, text);
}

static void print_value(SystemTable *system, volatile const char *field) {
  Char16 one[2] = {0, 0};
  int length = 0;
  while (*field && *field != '=') field++;
  while (*field && *++field && length++ < 64) {
    one[0] = (uint8_t)*field;
    print(system, one);
  }
}

static int secure_boot(SystemTable *system) {
  uint8_t on = 0;
  uintptr_t size = sizeof on;
  Status status = system->runtime->get_variable(L"SecureBoot", &GLOBAL, 0, &size, &on);
  return !(status & ERROR_BIT) && on;
}

// The path of the image names the interface, by HTTP also the URI; iPXE gives the name of its file.
static void print_origin(SystemTable *system, void *image) {
  void *path, *converter;
  if (system->boot->handle_protocol(image, &IMAGE_PATH, &path) & ERROR_BIT || !path) return;
  if (system->boot->locate_protocol(&PATH_TO_TEXT, 0, &converter) & ERROR_BIT) return;
  Char16 *text = ((DevicePathToText *)converter)->convert_device_path_to_text(path, 1, 0);
  if (!text) return;
  print(system, L"edgeboot: from ");
  print(system, text);
  print(system, L"\r\n");
}

static void print_arguments(SystemTable *system, void *image) {
  LoadedImage *loaded;
  if (system->boot->handle_protocol(image, &LOADED_IMAGE, (void **)&loaded) & ERROR_BIT) return;
  Char16 *options = loaded->load_options;
  uint32_t octets = loaded->load_options_size;
  // Firmware may give options that are no text; a loader's command line ends in a NUL.
  if (octets < 4 || octets % 2 || options[octets / 2 - 1]) return;
  print(system, L"edgeboot: arguments ");
  print(system, options);
  print(system, L"\r\n");
}

Status efi_main(void *image, SystemTable *system) {
  print(system, L"\r\nedgeboot: started ");
  print_value(system, label);
  print(system, L" on " ARCHITECTURE L", Secure Boot ");
  print(system, secure_boot(system) ? L"on\r\n" : L"off\r\n");
  print_origin(system, image);
  print_arguments(system, image);
  if (end[sizeof "edgeboot-end=" - 1] == 's') system->runtime->reset_system(SHUTDOWN, 0, 0, 0);
  return NOT_FOUND; // firmware reports it, and tries its next boot option
}
