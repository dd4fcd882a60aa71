# One interface target carries what every target of the project is compiled with.
find_package(Threads REQUIRED)

add_library(maskscope_options INTERFACE)
target_include_directories(maskscope_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(maskscope_options INTERFACE MASKSCOPE_VERSION="${PROJECT_VERSION}")
# Decisions made by floats must come out the same on every machine: no contraction into fma.
target_compile_options(maskscope_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-ffp-contract=off -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion>)
# GCC 12 sees overlaps in std::string's operator+ that are not there (its bug 105651).
target_compile_options(maskscope_options INTERFACE
  $<$<AND:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>)
if(MASKSCOPE_WERROR)
  target_compile_options(maskscope_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()
if(MASKSCOPE_SANITIZE)
  target_compile_options(maskscope_options INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${MASKSCOPE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined>)
  target_link_options(maskscope_options INTERFACE -fsanitize=${MASKSCOPE_SANITIZE})
endif()

# maskscope_layer(NAME): a static library of all sources in the current folder (not below it).
function(maskscope_layer name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
  add_library(${name} STATIC ${sources})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(${name} PUBLIC maskscope_options)
endfunction()
